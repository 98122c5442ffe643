# Completion of pageseal for PowerShell: dot-source it in $PROFILE.
Register-ArgumentCompleter -Native -CommandName pageseal -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
    if ($wordToComplete -and -not $wordToComplete.StartsWith('-')) {
        $words = @($words | Select-Object -SkipLast 1)
    }
    if (-not $wordToComplete.StartsWith('-') -and $words[-1].StartsWith('-')) { return }
    $rest = @($words | Select-Object -Skip 1)
    & $words[0] @rest --generate-bash-completion 2>$null |
        Where-Object { $_ -like "$wordToComplete*" } |
        ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}
