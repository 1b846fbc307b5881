"""Example hook: refuses shell commands that name the production cluster, and lets everything else run."""

import json
import sys

command = json.load(sys.stdin).get("tool_input", {}).get("command", "")
if "prod-cluster" in command:
    print("Commands on prod-cluster go through a change request.", file=sys.stderr)
    sys.exit(2)
