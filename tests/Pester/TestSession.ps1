# What the tests share that need no lab: the module, and what a user sees of it.
Import-Module $env:SWARMOPS_MODULE -Force

# What a user sees who types a line on $nodes at the prompt of a PowerShell of its own and answers each question so.
function Invoke-Prompt([string] $Line, [string] $Answer = 'n') {
    $path = Join-Path $TestDrive "$([guid]::NewGuid()).json"
    $nodes | ConvertTo-Json | Set-Content -LiteralPath $path
    $session = "`$ProgressPreference = 'SilentlyContinue'; Import-Module '$env:SWARMOPS_MODULE'
        `$nodes = @(Get-Content -LiteralPath '$path' -Raw | ConvertFrom-Json | New-SwarmNode)"
    @($Answer) * 9 | & ($env:SWARMOPS_PWSH ?? 'pwsh') -NoProfile -Command "$session; $Line" 2>&1 | Out-String -Width 400
}

# What a script block writes on the host, such as the messages of -WhatIf, which go to no stream.
function Get-HostText([scriptblock] $Action) {
    $path = Join-Path $TestDrive "$([guid]::NewGuid()).txt"
    $null = Start-Transcript -LiteralPath $path -UseMinimalHeader
    try { $null = & $Action } finally { $null = Stop-Transcript }
    Get-Content -LiteralPath $path -Raw
}
