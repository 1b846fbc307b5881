#!/bin/sh
# Example hook: leaves a line in the system's log for each shell command, and lets it run.
cat > /dev/null
logger -t codex-audit "Codex ran a shell command for $(id -un)" 2> /dev/null
exit 0
