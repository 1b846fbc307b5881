#!/bin/sh
# A stand-in for the script that MintMCP's console gives to its customers. It reads the event and lets everything through.
cat > /dev/null
exit 0
