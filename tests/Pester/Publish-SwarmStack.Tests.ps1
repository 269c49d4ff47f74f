BeforeAll {
    . $PSScriptRoot/TestLab.ps1
    $swarm = New-TestSwarm
    $file = Join-Path $TestDrive compose.yaml
    Set-Content $file @'
name: pester-shop
services:
  web:
    image: lab/busybox:latest
    command: sleep 900
    stop_grace_period: 1s
    environment: { PASSWORD: "${PASSWORD:?is needed}" }
'@
    $stack = @{ Path = $file; NoResolveImage = $true; StableSeconds = 0; WarningAction = 'SilentlyContinue' }
}

AfterAll { $swarm | Get-SwarmStack -Name 'pester-*' | Remove-SwarmStack -Confirm:$false }

Describe 'Publish-SwarmStack' {
    It 'shows with -WhatIf what would be created, and creates nothing' {
        $said = Get-HostText { $swarm | Publish-SwarmStack @stack -Variable @{ PASSWORD = 'hidden-value' } -WhatIf | Should -BeNullOrEmpty }
        $said | Should -Match "What if: .*Create the network 'pester-shop_default'"
        $said | Should -Match "What if: .*Create the service 'pester-shop_web' \(Replicated, image lab/busybox:latest\)"
        $said | Should -Not -Match 'hidden-value'
        $swarm | Get-SwarmStack | Should -BeNullOrEmpty
    }

    It 'takes variables as SecureString, relative paths, and the name of the file' {
        Push-Location $TestDrive
        try {
            $made = $swarm | Publish-SwarmStack -Path ./compose.yaml -Variable @{ PASSWORD = (ConvertTo-SecureString hidden-value -AsPlainText) } -NoResolveImage -StableSeconds 0 -WarningAction SilentlyContinue
        }
        finally { Pop-Location }
        $made.Name | Should -Be 'pester-shop'
        $made | Out-String | Should -Match 'pester-shop +1/1 +web 1/1'
    }

    It 'shows with -WhatIf what differs, without values' {
        $said = Get-HostText { $swarm | Publish-SwarmStack @stack -Variable @{ PASSWORD = 'other-value' } -WhatIf }
        $said | Should -Match "What if: .*Update the service 'pester-shop_web': Env PASSWORD: changed"
        $said | Should -Not -Match 'other-value|hidden-value'
        $swarm | Compare-SwarmStack -Path $file -Variable @{ PASSWORD = 'hidden-value' } -NoResolveImage -WarningAction SilentlyContinue | Should -BeNullOrEmpty
    }

    It 'names file, line and column of every problem, and what to write instead' {
        $failure = { $swarm | Publish-SwarmStack @stack } | Should -Throw -ErrorId 'StackFileInvalid,*' -PassThru
        "$failure" | Should -Match 'compose\.yaml:7:\d+: .*PASSWORD.*is needed'
        $failure.ErrorDetails.RecommendedAction | Should -Match 'Set PASSWORD'
    }

    It 'completes the names of stacks' {
        $nodes = $swarm
        $line = '$nodes | Get-SwarmStack -Name pester-'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Contain 'pester-shop'
    }
}
