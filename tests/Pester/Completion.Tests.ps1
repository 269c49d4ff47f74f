# What Tab offers at a prompt that stands in a folder whose files begin like the names.
Describe 'Completion of live names' {
    BeforeAll {
        Push-Location TestDrive:
        . $PSScriptRoot/TestLab.ps1
        $null = New-TestSwarm
        $null = $nodes | New-SwarmService -Name web -Image $lab.image -Command sleep, 3600 -NoResolveImage -NoWait
        $null = $nodes | New-SwarmConfig -Name motd -Value hello
        $null = $nodes | New-SwarmSecret -Name 'db-password' -Generate

        $null = 'web.txt', 'motd.txt', 'db.txt', 'nosuch.txt', "$($nodes[0].Name).txt" | ForEach-Object { New-Item $_ }

        # The first connection to a node may take longer than one press of Tab waits.
        function Get-Completion([string] $Line, [int] $Press = 20) {
            do {
                $words = @((TabExpansion2 -inputScript $Line -cursorColumn $Line.Length).CompletionMatches.CompletionText)
                if ($words.Count -eq 0) { Start-Sleep -Milliseconds 300 }
            } until ($words.Count -gt 0 -or --$Press -le 0)
            $words
        }
    }

    AfterAll {
        Pop-Location
        $nodes | Remove-SwarmService -Name web -Confirm:$false
    }

    It 'offers files where a file is asked for' {
        Get-Completion 'New-SwarmConfig -Path w' | Should -BeLike '*web.txt'
    }

    It 'offers <Name> and no file for <Line>' -ForEach @(
        @{ Line = '$nodes | Get-SwarmService -Name w'; Name = 'web' }
        @{ Line = 'Get-SwarmService $nodes w'; Name = 'web' }
        @{ Line = 'Get-SwarmService -Node $nodes -Name '; Name = 'web' }
        @{ Line = '$nodes | Update-SwarmService -Name nothing, w'; Name = 'web' }
        @{ Line = '$nodes | Get-SwarmService -Name "w'; Name = '"web"' }
        @{ Line = '$nodes | Get-SwarmConfig -Name m'; Name = 'motd' }
        @{ Line = '$nodes | New-SwarmService -Name x -Config m'; Name = 'motd' }
        @{ Line = '$nodes | Get-SwarmSecret -Name d'; Name = 'db-password' }
    ) {
        Get-Completion $Line | Should -Be $Name
    }

    It 'asks the swarm of the last command where the line names no node' {
        $null = $nodes | Get-SwarmService
        Get-Completion 'Get-SwarmService -Name w' | Should -Be 'web'
    }

    It 'says in a tooltip what it is' {
        $line = '$nodes | Get-SwarmService -Name w'
        $null = Get-Completion $line
        (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.ToolTip | Should -Match '^\S+, \d/1 replicas$'
    }

    It 'offers nothing, no file either, for <_>' -ForEach '$nodes | Get-SwarmService -Name nosuch', '$nodes | Get-SwarmOverlay -Name w', '$gone | Get-SwarmService -Name w', '$nodes | Get-GaleraCluster -Name ' {
        $gone = New-SwarmNode -Name gone -DockerHost unix:///nowhere/docker.sock
        $Error.Clear()
        Get-Completion $_ -Press 2 | Should -BeNullOrEmpty
        $Error | Should -BeNullOrEmpty
    }
}
