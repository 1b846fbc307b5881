
# --- answers in the language of Codex ------------------------------------------------------------------------------

# The verdict in an answer. Only a denial's reason goes on, in our words.
function Read-HookAnswer {
    param([string]$Text)
    $answer = Read-Json $Text
    if ($null -eq $answer) {
        return @{ Outcome = 'pass'; Reason = '' }
    }
    if ($answer -is [bool]) {
        return @{ Outcome = 'failure'; Reason = '' }
    }
    $own = $answer.hookSpecificOutput
    if ($null -ne $own -and $own.permissionDecision -eq 'deny') {
        return @{ Outcome = 'deny'; Reason = [string]$own.permissionDecisionReason }
    }
    if ($null -ne $own -and $null -ne $own.decision -and $own.decision.behavior -eq 'deny') {
        return @{ Outcome = 'deny'; Reason = [string]$own.decision.message }
    }
    if (@('block', 'deny') -contains $answer.decision) {
        return @{ Outcome = 'deny'; Reason = [string]$answer.reason }
    }
    if ($answer.continue -is [bool] -and -not $answer.continue) {
        return @{ Outcome = 'deny'; Reason = [string]$answer.stopReason }
    }
    return @{ Outcome = 'pass'; Reason = '' }
}
