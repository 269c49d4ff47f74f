Describe 'EC2 nodes, as a user types it' {
    BeforeAll {
        . $PSScriptRoot/TestSession.ps1
        $AccountLab = 'p'
        . $PSScriptRoot/TestAccount.ps1
        $key = @{ KeyFilePath = Join-Path $TestDrive key }
        $wanted = @{ Cluster = 'shop'; Region = 'eu-central-1', 'us-east-1', 'us-west-1'; AllowSshFrom = $status.adminAddress }

        function Get-LabHost { (& $labCommand status --name $labName --json | ConvertFrom-Json).hosts }
    }

    AfterAll {
        $null = & $labCommand down --name $labName 2>&1
    }

    Context 'before anything is there' {
        It 'prints the plan with -WhatIf, and makes nothing' {
            $plan = Get-HostText { New-SwarmRegionNode @wanted @key @aws -WhatIf | Should -BeNullOrEmpty }
            $wanted.Region | ForEach-Object { $plan | Should -Match "What if: .*$_" }
            Get-SwarmRegionNode -Cluster * @aws | Should -BeNullOrEmpty
            Test-Path $key.KeyFilePath | Should -BeFalse
        }

        It 'says whom SSH must let in, since nobody is by default' {
            $failure = { New-SwarmRegionNode -Cluster shop -Region eu-central-1 @key @aws } | Should -Throw -ErrorId 'AllowSshFromMissing,*' -PassThru
            $failure.ErrorDetails.RecommendedAction | Should -Match '-AllowSshFrom'
        }

        It 'warns when SSH is to be open to the world' {
            New-SwarmRegionNode -Cluster shop -Region eu-central-1 -AllowSshFrom 0.0.0.0/0 @key @aws -WhatIf -WarningVariable warnings -WarningAction SilentlyContinue
            $warnings | Should -Match 'whole internet'
        }

        It 'names the region that was meant' {
            $failure = { New-SwarmRegionNode -Cluster shop -Region eu-central1 @key @aws } | Should -Throw -ErrorId 'RegionNameInvalid,*' -PassThru
            $failure.ErrorDetails.RecommendedAction | Should -Match 'eu-central-1'
        }

        It 'completes regions and instance types' {
            (TabExpansion2 'New-SwarmRegionNode -Cluster shop -Region eu-c' 46).CompletionMatches.CompletionText | Should -Contain 'eu-central-1'
            (TabExpansion2 'New-SwarmRegionNode -Cluster shop -InstanceType t4g.s' 53).CompletionMatches.CompletionText | Should -Contain 't4g.small'
        }
    }

    Context 'from an account without instances to a swarm' {
        BeforeAll {
            $overlay = New-SwarmRegionNode @wanted @key @aws -ErrorAction Stop | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal -WarningAction SilentlyContinue
            $nodes = Get-SwarmRegionNode -Cluster shop @key @aws
        }

        It 'ends in three managers and an encrypted overlay' {
            $overlay.Encrypted | Should -BeTrue
            $swarm = $nodes | Get-Swarm
            $swarm.ReachableManagerCount | Should -Be 3
            $swarm.ToleratedFailures | Should -Be 1
        }

        It 'finds the nodes again by tags alone, with all that it takes to reach them' {
            $nodes.Region | Should -Be 'eu-central-1', 'us-east-1', 'us-west-1'
            $nodes.HostKeyFingerprint | Should -Match '^SHA256:'
            $nodes.InstanceId | Should -Match '^i-'
            $nodes.Zone | Should -Match '^(eu-central|us-east|us-west)-1[a-f]$'
            (Get-SwarmRegionNode -Cluster sh* -Name *us-west* @key @aws).Name | Should -Be 'shop-us-west-1-1'
            $nodes | Format-Table | Out-String -Width 200 | Should -Match 'shop-eu-central-1-1'
        }

        It 'survives an export' {
            $path = Join-Path $TestDrive nodes.xml
            $nodes | Export-Clixml $path
            Get-Content $path -Raw | Should -Not -Match 'PRIVATE KEY'
            (Import-Clixml $path | New-SwarmNode | Get-SwarmNode).State | Select-Object -Unique | Should -Be 'Ready'
        }

        It 'returns the same instances when it is run again' {
            (New-SwarmRegionNode @wanted @key @aws).InstanceId | Sort-Object | Should -Be ($nodes.InstanceId | Sort-Object)
        }

        It 'has security groups that are open to the nodes alone, and reports drift' {
            $firewalls = Sync-SwarmFirewall -Cluster shop @aws
            $firewalls.InSync | Should -Be $true, $true, $true
            $firewalls.Rules.Source | Should -Not -Contain '0.0.0.0/0'
            $drift = Sync-SwarmFirewall -Cluster shop -PublishPort 443 @aws -WhatIf
            $drift.MissingRules | ForEach-Object ToString | Select-Object -Unique | Should -Be '443/tcp from 0.0.0.0/0'
            $drift.InSync | Should -Be $false, $false, $false
        }

        It 'asks before it removes' {
            $said = Invoke-Prompt "Remove-SwarmRegionNode -Cluster shop -KeyFilePath '$($key.KeyFilePath)' -EndpointUrl $($aws.EndpointUrl) -AccessKey test -SecretKey test"
            $nodes | ForEach-Object { $said | Should -Match "(?s)Are you sure.*$($_.Name)" }
            Get-LabHost | Should -HaveCount 3
            ($nodes | Get-SwarmNode).State | Select-Object -Unique | Should -Be 'Ready'
        }

        It 'lets a node leave the swarm before its instance goes, and closes the others to it' {
            $gone = $nodes[2]
            $gone | Remove-SwarmRegionNode @aws -Confirm:$false
            $rest = Get-SwarmRegionNode -Cluster shop @key @aws
            $rest.Name | Should -Be $nodes[0, 1].Name
            ($rest | Get-SwarmNode).Name | Sort-Object | Should -Be $rest.Name
            (Sync-SwarmFirewall -Cluster shop @aws -WhatIf).Rules.Source | Should -Not -Contain "$($gone.PublicAddress)/32"
        }

        It 'removes a whole cluster, and nothing of it is left' {
            $plan = Get-HostText { Remove-SwarmRegionNode -Cluster shop @key @aws -WhatIf }
            (Get-SwarmRegionNode -Cluster shop @key @aws).Name | ForEach-Object { $plan | Should -Match "What if: .*$_" }
            Get-LabHost | Should -HaveCount 2
            Remove-SwarmRegionNode -Cluster shop @key @aws -Confirm:$false
            Get-LabHost | Should -BeNullOrEmpty
            { Get-SwarmRegionNode -Cluster shop @aws -ErrorAction Stop } | Should -Throw -ErrorId 'ClusterNotFound,*'
        }
    }

    It '<_> has help with examples and notes' -ForEach 'New-SwarmRegionNode', 'Get-SwarmRegionNode', 'Remove-SwarmRegionNode', 'Sync-SwarmFirewall' {
        $help = Get-Help $_ -Full
        $help.examples.example.Count | Should -BeGreaterThan 1
        ($help.alertSet | Out-String) | Should -Match 'docs/errors/aws.md'
    }
}
