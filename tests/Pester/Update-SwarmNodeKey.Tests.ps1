Describe 'Update-SwarmNodeKey' {
    BeforeAll {
        . $PSScriptRoot/TestLab.ps1
        $new = Join-Path $TestDrive new
        & ssh-keygen -q -t ed25519 -N '' -f $new
        function Get-KeyLine([int] $Index) { & $labCommand exec --name $lab.name $lab.hosts[$Index].name -- cat /root/.ssh/authorized_keys }
        $before = @(0..($nodes.Count - 1) | ForEach-Object { (Get-KeyLine $_) -join "`n" })
    }

    AfterAll {
        foreach ($index in 0..($nodes.Count - 1)) {
            $text = $before[$index]
            $null = & $labCommand exec --name $lab.name $lab.hosts[$index].name -- sh -c "printf '%s\n' '$text' > /root/.ssh/authorized_keys; rm -f /root/.ssh/authorized_keys.swarmops"
        }
    }

    It 'does nothing with -WhatIf' {
        [regex]::Matches((Get-HostText { $nodes | Update-SwarmNodeKey -NewKeyFilePath $new -WhatIf }), 'What if: ').Count | Should -Be $nodes.Count
        (Get-KeyLine 0) -join "`n" | Should -Be $before[0]
    }

    It 'refuses a key that is not there once, before anything is changed' {
        $failure = { $nodes | Update-SwarmNodeKey -NewKeyFilePath "$new.none" -Confirm:$false -ErrorAction Stop } |
            Should -Throw -ErrorId 'SshKeyNotFound,SwarmOps.Nodes.Keys.UpdateSwarmNodeKeyCommand' -PassThru
        "$failure" | Should -Match ([regex]::Escape("$new.none"))
        $nodes.Name | ForEach-Object { "$failure" | Should -Not -Match ([regex]::Escape("'$_'")) }
        $said = $(try { $nodes | Update-SwarmNodeKey -NewKeyFilePath "$new.none" -Confirm:$false 2>&1 } catch { $_ })
        @($said) | Should -HaveCount 1
        (Get-KeyLine 0) -join "`n" | Should -Be $before[0]
    }

    It 'gives nodes that connect with the new key, and takes the old one away' {
        $renewed = @($nodes | Update-SwarmNodeKey -NewKeyFilePath $new -Confirm:$false)
        $renewed | Should -HaveCount $nodes.Count
        $renewed.KeyFilePath | Select-Object -Unique | Should -Be $new
        ($renewed | Test-SwarmNode).Check | Should -Contain 'Engine'
        $public = ((Get-Content -LiteralPath "$new.pub") -split ' ')[1]
        $lines = @(Get-KeyLine 0)
        $lines | Where-Object { $_ -match [regex]::Escape($public) } | Should -HaveCount 1
        @($lines | Where-Object { $_ -and $_ -notmatch '^#' }) | Should -HaveCount 1
    }

    It 'changes nothing the second time' {
        $lines = (Get-KeyLine 0) -join "`n"
        @($nodes | Update-SwarmNodeKey -NewKeyFilePath $new -Confirm:$false) | Should -HaveCount $nodes.Count
        (Get-KeyLine 0) -join "`n" | Should -Be $lines
    }
}
