# Help as a user asks for it. Needs no hosts.
BeforeDiscovery {
    $manifest = Import-PowerShellDataFile $env:SWARMOPS_MODULE
    $pages = $manifest.CmdletsToExport | ForEach-Object { @{ Name = $_; Page = "$($manifest.PrivateData.PSData.ProjectUri)/blob/main/docs/cmdlets/$_.md" } }
    $topics = 'about_SwarmOps', 'about_SwarmOps_AzureAutomation', 'about_SwarmOps_Folders', 'about_SwarmOps_Galera', 'about_SwarmOps_GeoDns', 'about_SwarmOps_Monitoring', 'about_SwarmOps_Networking', 'about_SwarmOps_Operations', 'about_SwarmOps_Recovery', 'about_SwarmOps_Security'
}

BeforeAll {
    Import-Module $env:SWARMOPS_MODULE
    $root = (Resolve-Path (Join-Path $PSScriptRoot ../..)).Path
    $helpFolder = Join-Path (Split-Path $env:SWARMOPS_MODULE) en-US
}

Describe 'Get-Help <Name>' -ForEach $pages {
    It 'has its page of the project as the address that -Online opens' {
        # The engine takes it from where -Online does: the first address of the help file.
        (Get-Command $Name).HelpUri | Should -Be $Page
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

Describe 'Get-Help -Online' {
    It 'opens the page in the browser' -Skip:(-not $IsLinux) {
        $opened = Join-Path $TestDrive opened
        $browser = Join-Path $TestDrive xdg-open
        Set-Content $browser "#!/bin/sh`nprintf %s `"`$1`" >'$opened.new' && mv '$opened.new' '$opened'"
        chmod +x $browser
        $path = $env:PATH
        try {
            $env:PATH = "$TestDrive$([System.IO.Path]::PathSeparator)$path"
            Get-Help New-SwarmService -Online
        }
        finally {
            $env:PATH = $path
        }
        $deadline = [datetime]::UtcNow.AddSeconds(20)
        while (-not (Test-Path $opened) -and [datetime]::UtcNow -lt $deadline) { Start-Sleep -Milliseconds 50 }
        Get-Content $opened | Should -Be 'https://github.com/SwarmOps/SwarmOps/blob/main/docs/cmdlets/New-SwarmService.md'
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

    It 'has no marks of Markdown' {
        $lines | Where-Object { $_ -match '\]\(|^ *#|\*\*\w|<!--' -and $_ -notmatch '^ {8}' } | Should -BeNullOrEmpty
    }
}

Describe 'about topics' {
    It 'are the expected ones and no others' {
        (Get-ChildItem $helpFolder -Filter 'about_*').Name | ForEach-Object { $_ -replace '\.help\.txt$' } | Sort-Object |
            Should -Be @('about_SwarmOps', 'about_SwarmOps_AzureAutomation', 'about_SwarmOps_Folders', 'about_SwarmOps_Galera', 'about_SwarmOps_GeoDns', 'about_SwarmOps_Monitoring', 'about_SwarmOps_Networking', 'about_SwarmOps_Operations', 'about_SwarmOps_Recovery', 'about_SwarmOps_Security')
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
