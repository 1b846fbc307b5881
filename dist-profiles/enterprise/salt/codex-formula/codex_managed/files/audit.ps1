# Example hook: reads the event and lets the command run.
$null = [Console]::In.ReadToEnd()
exit 0
