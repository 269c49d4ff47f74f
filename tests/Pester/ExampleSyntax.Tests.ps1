# All PowerShell in the documentation and in examples/, before anything is run: it parses, and what it names exists. Needs no hosts.
BeforeDiscovery {
    $root = Join-Path $PSScriptRoot ../.. | Convert-Path
    $files = @(
        Get-ChildItem (Join-Path $root docs *.md) -Recurse | Where-Object Name -NotLike '_*'
        Get-Item (Join-Path $root README.md)
        Get-ChildItem (Join-Path $root examples *.ps1)
    )
    . $PSScriptRoot/ExampleCode.ps1
    $pages = $files | ForEach-Object { @{ Path = $_.FullName; Name = [System.IO.Path]::GetRelativePath($root, $_.FullName) -replace '\\', '/'; Blocks = @(Get-ExampleCode $_.FullName) } } |
        Where-Object { $_.Blocks.Count -gt 0 }
    $cmdlets = (Import-PowerShellDataFile $env:SWARMOPS_MODULE).CmdletsToExport | ForEach-Object { @{ Name = $_ } }
}

BeforeAll {
    Import-Module $env:SWARMOPS_MODULE
    . $PSScriptRoot/ExampleCode.ps1
    . $PSScriptRoot/../../lab/nodes.ps1
    . $PSScriptRoot/../../examples/site.ps1
    # Commands of other modules that a page names, and of the tests.
    $elsewhere = 'Get-AzKeyVaultSecret', 'Get-AutomationVariable', 'Get-Secret', 'Set-Secret', 'New-TestSwarm'
}

Describe 'The code in <Name>' -ForEach $pages {
    It 'could be typed: <_.Title> (line <_.Line>)' -ForEach $Blocks {
        Get-CodeProblem $_.Code -Elsewhere $elsewhere | Should -BeNullOrEmpty
    }
}

Describe 'The help page of <Name>' -ForEach $cmdlets {
    BeforeAll {
        $examples = @(Get-ExampleCode (Join-Path $PSScriptRoot ../../docs/cmdlets "$Name.md") | Where-Object Section -EQ 'EXAMPLES')
    }

    It 'uses the cmdlet in each example' {
        $examples | Should -Not -BeNullOrEmpty
        $examples | Where-Object { $_.Code -notmatch "\b$Name\b" } | ForEach-Object Title | Should -BeNullOrEmpty
    }

    It 'gives each example a title of its own, and the same ones to Get-Help' {
        $shown = (Get-Help $Name).examples.example
        $shown.title | ForEach-Object { $_ -replace '^[\s-]*(Example \d+: )?|[\s-]*$' } | Should -Be $examples.Title
        $examples.Title | Select-Object -Unique | Should -HaveCount $examples.Count
    }

    It 'shows no mark of the tests' {
        Get-Help $Name -Full | Out-String -Width 4000 | Should -Not -Match '<!--|example: '
    }
}

Describe 'What is looked for' {
    It 'is found: <Code>' -ForEach @(
        @{ Code = '$nodes | Get-SwarmNode -Name (x'; Problem = "*Missing closing ')'*" }
        @{ Code = '$nodes | Get-SwarmNodes'; Problem = 'there is no command Get-SwarmNodes' }
        @{ Code = '$nodes | Get-SwarmNode -Nme x'; Problem = "*matches parameter name 'Nme'*" }
        @{ Code = '$nodes | Get-SwarmNode -N x'; Problem = '*ambiguous*' }
        @{ Code = '$nodes | Get-SwarmNode -Role Boss'; Problem = "Get-SwarmNode: -Role does not take 'Boss'" }
        @{ Code = '$nodes | New-SwarmService -Name web -Replicas many'; Problem = "New-SwarmService: -Replicas does not take 'many'" }
        @{ Code = '$nodes | New-SwarmService -Name'; Problem = "*argument for parameter 'Name'*" }
        @{ Code = '$nodes | New-SwarmService web'; Problem = "New-SwarmService: -Node does not take 'web'; New-SwarmService: -Name is missing" }
        @{ Code = '$nodes | New-SwarmSecret -Name a -Generate -Path x'; Problem = '*set cannot be resolved*' }
        @{ Code = '$nodes | New-SwarmConfig -Value x'; Problem = 'New-SwarmConfig: -Name is missing' }
        @{ Code = 'Get-SwarmTask -Service web'; Problem = 'Get-SwarmTask: -Node is missing' }
        @{ Code = '$o = @{ Name = "a"; Picture = "b" }; $nodes | New-SwarmService @o'; Problem = "*'Picture'*" }
        @{ Code = 'if ($true) { $nodes | Where-Object { Test-SwarmNode $_ -Quite } }'; Problem = "*'Quite'*" }
    ) {
        (Get-CodeProblem $Code) -join '; ' | Should -BeLike $Problem
    }

    It 'is not found in what PowerShell takes: <_>' -ForEach @(
        'Get-SwarmNode $nodes -Name us-* -Role Worker -State Ready'
        '$nodes | Get-SwarmNode -Nam x -Stat ready'
        '$o = @{ Name = "a"; Image = "b" }; $nodes | New-SwarmService @o -WhatIf'
        '$nodes | New-SwarmService @given'
        'Get-Content $path -Raw | ConvertFrom-Json | New-SwarmNode'
        'function Get-Own { $nodes | Get-Swarm }; Get-Own'
    ) {
        Get-CodeProblem $_ | Should -BeNullOrEmpty
    }
}
