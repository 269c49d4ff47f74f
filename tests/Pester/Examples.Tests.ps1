# The scripts of examples/, as they are, each whole and in a PowerShell of its own.
BeforeDiscovery {
    $long = $env:SWARMOPS_LONG -eq 'all'
}

BeforeAll {
    . $PSScriptRoot/TestLab.ps1
    $examples = Join-Path $PSScriptRoot ../../examples
    $rows = $nodes | Select-Object Name, Region, PublicAddress, PrivateAddress, User, KeyFilePath, HostKeyFingerprint

    # ExitCode and Text (all streams, as a terminal shows them) of an example.
    function Invoke-Example([string] $Name, [string[]] $Arguments) {
        $text = & ($env:SWARMOPS_PWSH ?? 'pwsh') -NoProfile -NonInteractive -File (Join-Path $examples $Name) @Arguments -Module $env:SWARMOPS_MODULE 2>&1 | Out-String -Width 400
        [pscustomobject]@{ ExitCode = $LASTEXITCODE; Text = $text }
    }

    # Another runspace of this process, as jobs of Azure Automation share one.
    function Start-Runbook([hashtable] $Arguments) {
        $shell = [powershell]::Create()
        $null = $shell.AddCommand((Join-Path $examples azure-runbook.ps1)).AddParameters($Arguments)
        [pscustomobject]@{ Shell = $shell; Handle = $shell.BeginInvoke() }
    }

    function Get-PrivateKey {
        ConvertTo-SecureString (Get-Content -LiteralPath $nodes[0].KeyFilePath -Raw) -AsPlainText
    }
}

Describe 'inventory.ps1' {
    It 'shows what is wrong with the machines, and changes nothing' {
        $path = Join-Path $TestDrive wrong.csv
        $wrong = $rows | Select-Object *
        $wrong[1].HostKeyFingerprint = $rows[0].HostKeyFingerprint
        $wrong | Export-Csv $path
        $run = Invoke-Example inventory.ps1 '-Path', $path
        $run.ExitCode | Should -Be 1
        $run.Text | Should -Match 'host key'
        $run.Text | Should -Match 'not ready for a swarm yet'
        { Get-Swarm $nodes -ErrorAction Stop } | Should -Throw -ErrorId 'NoManagerInSet,*'
    }

    It 'makes a swarm from a spreadsheet' {
        $path = Join-Path $TestDrive fleet.csv
        $rows | Export-Csv $path
        $run = Invoke-Example inventory.ps1 '-Path', $path
        $run.ExitCode | Should -Be 0 -Because $run.Text
        $run.Text | Should -Match 'internal'
        (Get-Swarm $nodes).ReachableManagerCount | Should -Be 3
        ($nodes | Get-SwarmOverlay -Name internal).NatRepairs.RuleActive | Should -Be (@($true) * $nodes.Count)
    }
}

Describe 'demo-inventory.ps1' {
    BeforeAll { Reset-TestLab }

    It 'goes from bare engines to an overlay, and changes nothing the second time' {
        $run = Invoke-Example demo-inventory.ps1 '-StatusPath', $env:SWARMOPS_LAB_JSON
        $run.ExitCode | Should -Be 0 -Because $run.Text
        $run.Text | Should -Match 'What if: .*swarm'
        [regex]::Matches($run.Text, 'Done in [\d.]+ s') | Should -HaveCount 2
        (Get-Swarm $nodes).ReachableManagerCount | Should -Be 3
        $nodes | Get-SwarmOverlay -SkipNatRepair | ForEach-Object Name | Should -Be 'internal'
    }
}

Describe 'azure-runbook.ps1' {
    BeforeAll { Reset-TestLab }

    It 'makes one swarm when two jobs of one process run it, with the key as text' {
        $inventory = $rows | Select-Object -ExcludeProperty KeyFilePath | ConvertTo-Json
        # The network is encrypted, and the kernel of a lab may have no ESP.
        $jobs = 1, 2 | ForEach-Object { Start-Runbook @{ Inventory = $inventory; PrivateKey = Get-PrivateKey; SkipPacketTest = $true; Module = $env:SWARMOPS_MODULE } }
        $output = foreach ($job in $jobs) { $job.Shell.EndInvoke($job.Handle); $job.Shell.Streams.Error | Should -BeNullOrEmpty; $job.Shell.Dispose() }
        $results = @($output | Where-Object { $_.PSObject.Properties.Name -contains 'Swarm' })
        $output | Where-Object { $_ -is [SwarmOps.SwarmFinding] -and $_.Severity -gt 'Information' } | Should -BeNullOrEmpty
        $results | Should -HaveCount 2
        $results.Managers | Should -Be 3, 3
        $results.Nodes | Should -Be $nodes.Count, $nodes.Count
        $results[0].Overlay | Should -Be ($nodes | Get-SwarmOverlay -Name internal -SkipNatRepair).Id
        $results[1].Overlay | Should -Be $results[0].Overlay
        $output | ConvertTo-Json -Depth 5 | Should -Not -Match 'PRIVATE KEY'
    }

    It 'outputs the findings and fails by their severity' {
        $inventory = $rows | Select-Object -ExcludeProperty KeyFilePath | ConvertTo-Json
        $null = $nodes | New-SwarmService -Name lost -Image lab/busybox:latest -NoResolveImage -ArgumentList sleep, 600 -Constraint node.labels.nowhere==1 -NoWait -WarningAction SilentlyContinue
        try {
            $common = @{ Inventory = $inventory; SkipPacketTest = $true; Module = $env:SWARMOPS_MODULE }
            $failing = Start-Runbook ($common + @{ PrivateKey = Get-PrivateKey })
            { $failing.Shell.EndInvoke($failing.Handle) } | Should -Throw -ExpectedMessage "*CRITICAL - 1 critical, *The service 'lost' runs 0 of 1 tasks*"
            $job = Start-Runbook ($common + @{ PrivateKey = Get-PrivateKey; FailOn = 'Never' })
            $output = $job.Shell.EndInvoke($job.Handle)
            $output | Where-Object { $_.PSObject.Properties.Name -contains 'Swarm' } | Should -HaveCount 1
            ($output | Where-Object { $_ -is [SwarmOps.SwarmFinding] })[0].Subject | Should -Be 'lost'
            "$($job.Shell.Streams.Warning)" | Should -Match "The service 'lost' runs 0 of 1 tasks"
            $failing.Shell.Dispose()
            $job.Shell.Dispose()
        }
        finally {
            $null = $nodes | Remove-SwarmService -Name lost -Confirm:$false
        }
    }

    It 'ends with an error that says what to do' {
        $inventory = $rows | Select-Object -ExcludeProperty KeyFilePath | ConvertTo-Json
        $job = Start-Runbook @{ Inventory = $inventory; PrivateKey = [securestring]::new(); Module = $env:SWARMOPS_MODULE }
        { $job.Shell.EndInvoke($job.Handle) } | Should -Throw -ExpectedMessage '*No SSH key or password*Specify one: New-SwarmNode*'
        $job.Shell.Dispose()
    }
}

Describe 'maintenance.ps1' {
    BeforeAll {
        Reset-TestLab
        $path = Join-Path $TestDrive fleet.json
    }

    It 'exits with 2 and the findings when it succeeds and something needs attention' {
        $null = New-TestSwarm
        $nodes[0] | ConvertTo-Json | Set-Content $path
        $run = Invoke-Example maintenance.ps1 '-Path', $path, '-SkipPacketTest'
        $run.ExitCode | Should -Be 2 -Because $run.Text
        $run.Text | Should -Match 'Warning: There is one manager for 3 nodes'
        $run.Text | Should -Match '(?m)^WARNING - 0 critical'
    }

    It 'exits with 0 when all is well, having added what was missing' {
        $nodes | ConvertTo-Json | Set-Content $path
        $run = Invoke-Example maintenance.ps1 '-Path', $path, '-SkipPacketTest'
        $run.ExitCode | Should -Be 0 -Because $run.Text
        $run.Text | Should -Match '(?m)^OK - 0 critical, 0 warnings, 0 unknown'
        (Get-Swarm $nodes).ReachableManagerCount | Should -Be 3
        ($nodes | Get-SwarmNode).State | Should -Be 'Ready', 'Ready', 'Ready'
    }

    It 'exits with 1 when all could be restored and a finding is critical' {
        $null = $nodes | New-SwarmService -Name lost -Image lab/busybox:latest -NoResolveImage -ArgumentList sleep, 600 -Constraint node.labels.nowhere==1 -NoWait -WarningAction SilentlyContinue
        $run = Invoke-Example maintenance.ps1 '-Path', $path, '-SkipPacketTest'
        $null = $nodes | Remove-SwarmService -Name lost -Confirm:$false
        $run.ExitCode | Should -Be 1 -Because $run.Text
        $run.Text | Should -Match "Critical: The service 'lost' runs 0 of 1 tasks"
    }

    It 'exits with 1 and says what to do when a node refuses' {
        $wrong = $nodes[2] | New-SwarmNode -HostKeyFingerprint $nodes[0].HostKeyFingerprint
        $nodes[0], $nodes[1], $wrong | ConvertTo-Json | Set-Content $path
        $run = Invoke-Example maintenance.ps1 '-Path', $path, '-SkipPacketTest'
        $run.ExitCode | Should -Be 1
        $run.Text | Should -Match 'HostKeyMismatch,'
        $run.Text | Should -Match $nodes[2].Name
    }
}

Describe 'nightly-report.ps1' {
    BeforeAll {
        $page = Join-Path $TestDrive swarm.html
        $inventory = $rows | Select-Object -ExcludeProperty KeyFilePath | ConvertTo-Json
        function Invoke-Report([string] $Inventory) {
            $said = & (Join-Path $examples nightly-report.ps1) -Inventory $Inventory -PrivateKey (Get-PrivateKey) -Path $page -Module $env:SWARMOPS_MODULE
            [pscustomobject]@{ ExitCode = $LASTEXITCODE; Text = $said -join "`n" }
        }
    }

    It 'writes a page and a line, and marks what changed the next time' {
        $null = New-TestSwarm 3
        # The network of the example before is encrypted, and the kernel of a lab may have no ESP.
        $nodes | Get-SwarmOverlay | Remove-SwarmOverlay -Confirm:$false
        $first = Invoke-Report $inventory
        $first.ExitCode | Should -BeIn 0, 1 -Because $first.Text
        $first.Text | Should -Match '(?m)^(OK|WARNING) - 0 critical'
        $null = $nodes | New-SwarmService -Name lost -Image lab/busybox:latest -NoResolveImage -ArgumentList sleep, 600 -Constraint node.labels.nowhere==1 -NoWait -WarningAction SilentlyContinue
        $next = Invoke-Report $inventory
        $null = $nodes | Remove-SwarmService -Name lost -Confirm:$false
        $next.ExitCode | Should -Be 2 -Because $next.Text
        Get-Content $page -Raw | Should -Match 'class="tag new"'
    }

    It 'ends with 3 when it could not look, and keeps the page' {
        $before = (Get-Item $page).LastWriteTimeUtc
        $run = Invoke-Report 'no JSON'
        $run.ExitCode | Should -Be 3
        $run.Text | Should -Match '^UNKNOWN - '
        (Get-Item $page).LastWriteTimeUtc | Should -Be $before
    }
}

Describe 'stack.ps1' {
    BeforeAll {
        Reset-TestLab
        $null = New-TestSwarm
        $null = $nodes | New-EncryptedOverlay -Name internal -Unencrypted -WarningAction SilentlyContinue
        $path = Join-Path $TestDrive fleet.json
        $nodes | ConvertTo-Json | Set-Content $path
    }

    It 'deploys in the order of the file, and changes nothing the second time' {
        $run = Invoke-Example stack.ps1 '-Path', $path
        $run.ExitCode | Should -Be 0 -Because $run.Text
        $run.Text | Should -Match 'Create Service shop_web-eu-central-1'
        $run.Text | Should -Match 'shop: 8 of 8 tasks run'
        $before = $nodes | Get-SwarmService | Sort-Object Name
        $again = Invoke-Example stack.ps1 '-Path', $path
        $again.ExitCode | Should -Be 0 -Because $again.Text
        $again.Text | Should -Not -Match 'Create|Update'
        ($nodes | Get-SwarmService | Sort-Object Name).UpdatedAt | Should -Be $before.UpdatedAt
    }

    It 'exits with 1 and says what to do when a service does not run' {
        $file = Join-Path $TestDrive broken.yaml
        (Get-Content -Raw (Join-Path $examples stack compose.yaml)) -replace 'httpd -f -p 80 -h /www', 'nosuchprogram' | Set-Content $file
        $run = Invoke-Example stack.ps1 '-Path', $path, '-ComposeFile', $file
        $run.ExitCode | Should -Be 1
        $run.Text | Should -Match 'StackNotDeployed,'
        $run.Text | Should -Match 'The stack is as it was before'
    }

    It 'exits with 1 and changes nothing when the file is wrong' {
        $file = Join-Path $TestDrive wrong.yaml
        (Get-Content -Raw (Join-Path $examples stack compose.yaml)) -replace 'depends_on:', 'depends_in:' | Set-Content $file
        $run = Invoke-Example stack.ps1 '-Path', $path, '-ComposeFile', $file
        $run.ExitCode | Should -Be 1
        $run.Text | Should -Match 'StackFileInvalid,'
        $run.Text | Should -Match 'wrong\.yaml:\d+:\d+: .*depends_in'
    }

    It 'exits with 2 when it cannot see what the swarm has' {
        $lost = Join-Path $TestDrive lost.json
        $nodes | ForEach-Object { $_ | New-SwarmNode -HostKeyFingerprint 'SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' } | ConvertTo-Json | Set-Content $lost
        $run = Invoke-Example stack.ps1 '-Path', $lost
        $run.ExitCode | Should -Be 2 -Because $run.Text
    }
}

# tests/Lab/StackRecipeTests looks at the pages, and removes the stack again.
Describe 'wordpress-stack.ps1' -Tag Nightly -Skip:(-not $long) {
    BeforeAll {
        $labName = "b${PID}w"
        $null = & $labCommand up --name $labName 2>&1
        $pushed = & $labCommand image push --name $labName mariadb syncthing wordpress gdnsd
        $path = Join-Path $TestDrive wordpress.json
        & $labCommand status --name $labName --json | Set-Content $path
    }

    AfterAll { $null = & $labCommand down --name $labName 2>&1 }

    It 'makes the whole site of one file, and changes nothing the second time' {
        $pushed | Should -HaveCount 4
        $run = Invoke-Example wordpress-stack.ps1 '-StatusPath', $path, '-Unencrypted'
        $run.ExitCode | Should -Be 0 -Because $run.Text
        $run.Text | Should -Match 'Create GaleraCluster site-db'
        $run.Text | Should -Match 'Create SharedFolder site-uploads'
        $run.Text | Should -Match 'Create GeoDns edge.example.org'
        $run.Text | Should -Match 'site +3/3'
        $again = Invoke-Example wordpress-stack.ps1 '-StatusPath', $path, '-Unencrypted'
        $again.ExitCode | Should -Be 0 -Because $again.Text
        $again.Text | Should -Not -Match 'Create|Update|Remove'
    }
}

# The same as the build's task demo does, and as SwarmRegionNode.Tests.ps1 types.
Describe 'demo.ps1' -Tag Nightly -Skip:(-not $long) {
    BeforeAll {
        $AccountLab = 'e'
        . $PSScriptRoot/TestAccount.ps1
        $path = Join-Path $TestDrive ec2.json
        & $labCommand status --name $labName --json | Set-Content $path
    }

    AfterAll { $null = & $labCommand down --name $labName 2>&1 }

    It 'goes from an empty account to a swarm and back' {
        $run = Invoke-Example demo.ps1 '-StatusPath', $path
        $run.ExitCode | Should -Be 0 -Because $run.Text
        $run.Text | Should -Match '0 nodes are left in the account'
        (& $labCommand status --name $labName --json | ConvertFrom-Json).hosts | Should -BeNullOrEmpty
    }
}

# The same as the build's task demo does, without the picture of the page. tests/Lab/WordPressTests runs wordpress.ps1, with a region that is cut off.
Describe 'recipe.ps1' -Tag Nightly -Skip:(-not $long) {
    BeforeAll {
        $AccountLab = 'r'
        . $PSScriptRoot/TestAccount.ps1
        $pushed = & $labCommand image push --name $labName mariadb syncthing wordpress gdnsd
        $path = Join-Path $TestDrive recipe.json
        & $labCommand status --name $labName --json | Set-Content $path
    }

    AfterAll { $null = & $labCommand down --name $labName 2>&1 }

    It 'goes from an empty account to one site in three regions, whose readers see no failed page, and back' {
        $pushed | Should -HaveCount 4
        $run = Invoke-Example recipe.ps1 '-StatusPath', $path, '-Unencrypted'
        $run.ExitCode | Should -Be 0 -Because $run.Text
        $run.Text | Should -Match '6 of 6 paths work'
        # Each region's page has the posts of all.
        [regex]::Matches($run.Text, '(?m)^(eu-central-1|us-east-1|us-west-1) .*(Written in (eu-central-1|us-east-1|us-west-1), ){2}Written in') | Should -HaveCount 3
        $run.Text | Should -Match '0 nodes are left in the account'
        (& $labCommand status --name $labName --json | ConvertFrom-Json).hosts | Should -BeNullOrEmpty
    }
}
