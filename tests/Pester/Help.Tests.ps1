# Help as a user asks for it. No lab is needed.
BeforeDiscovery {
    $manifest = Import-PowerShellDataFile $env:SWARMOPS_MODULE
    $pages = $manifest.CmdletsToExport | ForEach-Object { @{ Name = $_; Page = "$($manifest.PrivateData.PSData.ProjectUri)/blob/main/docs/cmdlets/$_.md" } }
    $topics = 'about_SwarmOps', 'about_SwarmOps_AzureAutomation', 'about_SwarmOps_Galera', 'about_SwarmOps_Networking', 'about_SwarmOps_Security'
}

BeforeAll {
    Import-Module $env:SWARMOPS_MODULE
    $root = (Resolve-Path (Join-Path $PSScriptRoot ../..)).Path
    $helpFolder = Join-Path (Split-Path $env:SWARMOPS_MODULE) en-US
}

Describe 'Get-Help <Name>' -ForEach $pages {
    It 'opens its page of the project with -Online' {
        # The engine's own hook: the address is written, and no browser is started.
        [System.Management.Automation.Internal.InternalTestHooks]::SetTestHook('BypassOnlineHelpRetrieval', $true)
        try {
            Get-Help $Name -Online | Should -Be $Page
        }
        finally {
            [System.Management.Automation.Internal.InternalTestHooks]::SetTestHook('BypassOnlineHelpRetrieval', $false)
        }
    }

    It 'names a page that exists' {
        Join-Path $root docs cmdlets "$Name.md" | Should -Exist
    }

    It 'has a synopsis and an example' {
        $help = Get-Help $Name -Full
        $help.Synopsis | Should -Not -BeNullOrEmpty
        $help.examples.example | Should -Not -BeNullOrEmpty
    }
}

Describe 'Get-Help <_>' -ForEach $topics {
    BeforeAll {
        $text = Get-Help $_ | Out-String
        $lines = Get-Content (Join-Path $helpFolder "$_.help.txt")
    }

    It 'shows the topic' {
        $text | Should -Match "(?m)^TOPIC\r?\n    $_\r?\n"
        $text | Should -Match '(?m)^LONG DESCRIPTION\r?\n    \S'
    }

    It 'has a synopsis for lists of topics' {
        (Get-Help "$_*" | Where-Object Name -EQ $_).Synopsis | Should -Be $lines[4].Trim()
    }

    It 'fits 80 columns, but for code and addresses' {
        $lines | Where-Object { $_.Length -gt 80 -and $_ -notmatch '^ {8}' -and $_.Trim() -match '\s' } | Should -BeNullOrEmpty
    }

    It 'has no marks of Markdown and no link that leads nowhere from a terminal' {
        $lines | Where-Object { $_ -match '\]\(|^#|\*\*|<!--|\.md\)' -and $_ -notmatch 'https://' } | Should -BeNullOrEmpty
    }
}

Describe 'about topics' {
    It 'are the expected ones and no others' {
        (Get-ChildItem $helpFolder -Filter 'about_*').Name | ForEach-Object { $_ -replace '\.help\.txt$' } | Sort-Object |
            Should -Be @('about_SwarmOps', 'about_SwarmOps_AzureAutomation', 'about_SwarmOps_Galera', 'about_SwarmOps_Networking', 'about_SwarmOps_Security')
    }

    It 'are found before the module is imported' {
        $shell = [powershell]::Create()
        try {
            $path = Split-Path (Split-Path (Split-Path $env:SWARMOPS_MODULE))
            $found = $shell.AddScript("`$env:PSModulePath = '$path'; Get-Help about_SwarmOps_Networking; (Get-Module SwarmOps).Count").Invoke()
            "$($found[0])" | Should -Match 'about_SwarmOps_Networking'
            $found[-1] | Should -Be 0
        }
        finally {
            $shell.Dispose()
        }
    }
}
