BeforeAll {
    . $PSScriptRoot/TestLab.ps1
    $swarm = New-TestSwarm
}

Describe 'Get-GaleraCluster' {
    It 'says that a cluster is not there' {
        { $swarm | Get-GaleraCluster -Name pester-none -ErrorAction Stop } | Should -Throw -ErrorId 'GaleraNotFound,SwarmOps.Galera.State.GetGaleraClusterCommand'
    }

    It 'finds nothing for a pattern that nothing matches, which is no error' {
        $swarm | Get-GaleraCluster -Name 'pester-*' -ErrorVariable failures | Should -BeNullOrEmpty
        $failures | Should -BeNullOrEmpty
    }
}

Describe 'Test-GaleraSchema' {
    It 'says that a cluster is not there' {
        { $swarm | Test-GaleraSchema -Name pester-none -ErrorAction Stop } | Should -Throw -ErrorId 'GaleraNotFound,SwarmOps.Galera.Schema.TestGaleraSchemaCommand'
    }

    It 'shows findings in a table of result, check, object, node and detail' {
        $finding = [SwarmOps.GaleraFinding]@{ Cluster = 'galera'; Database = 'shop'; ObjectName = 'log'; Check = 'PrimaryKey'; Result = 'Fail'; Detail = 'The table has no primary key' }
        $text = $finding | Out-String -Width 200
        $text | Should -Match 'Result +Check +Object +Node +Detail'
        $text | Should -Match 'Fail +PrimaryKey +shop\.log +- +The table has no primary key'
    }
}

Describe 'Test-GaleraWorkload' {
    It 'says that a cluster is not there' {
        { $swarm | Test-GaleraWorkload -Name pester-none -ErrorAction Stop } | Should -Throw -ErrorId 'GaleraNotFound,SwarmOps.Galera.Workload.TestGaleraWorkloadCommand'
    }

    It 'shows what is wrong in its table, and nothing of what passed' {
        $workload = [SwarmOps.GaleraWorkload]@{
            Cluster = 'galera'; Duration = [timespan]::FromSeconds(60)
            GaleraNodes = [SwarmOps.GaleraWorkloadNode[]]@(@{ Node = 'a'; CommitsPerSecond = 10 }, @{ Node = 'b'; CommitsPerSecond = 2.5 })
            Findings = [SwarmOps.GaleraFinding[]]@(@{ Check = 'FlowControl'; Result = 'Warning'; Detail = 'b is slow' }, @{ Check = 'SchemaChange'; Result = 'Pass'; Detail = 'none' })
        }
        $text = $workload | Out-String -Width 200
        $text | Should -Match 'galera .* 60 s +12[.,]5 +Warning FlowControl: b is slow'
        $text | Should -Not -Match 'SchemaChange'
        ($workload.GaleraNodes | Out-String -Width 200) | Should -Match 'Region +Node +Commits/s +Conflicts'
    }
}

Describe 'Step-GaleraRestart' {
    It 'says that a cluster is not there' {
        { $swarm | Step-GaleraRestart -Name pester-none -ErrorAction Stop } | Should -Throw -ErrorId 'GaleraNotFound,SwarmOps.Galera.Restart.StepGaleraRestartCommand'
    }

    It 'refuses the option <_>, which holds the cluster together' -ForEach 'wsrep_cluster_address', 'binlog-format', 'datadir' {
        { $swarm | Step-GaleraRestart -MariaDbOption @{ $_ = 'x' } -ErrorAction Stop } | Should -Throw -ErrorId 'GaleraOptionReserved,SwarmOps.Galera.Restart.StepGaleraRestartCommand'
    }
}

Describe 'Repair-GaleraCluster' {
    It 'says that a cluster is not there, and what to do' {
        $failure = { $swarm | Repair-GaleraCluster -Name pester-none -ErrorAction Stop } | Should -Throw -ErrorId 'GaleraNotFound,SwarmOps.Galera.Repair.RepairGaleraClusterCommand' -PassThru
        $failure.ErrorDetails.RecommendedAction | Should -Match 'Get-GaleraCluster'
    }

    It 'takes a history as a GUID only' {
        { $swarm | Repair-GaleraCluster -Uuid 'the good one' } | Should -Throw -ExpectedMessage '*the good one*'
    }
}

Describe 'Remove-GaleraService' {
    It 'says that a cluster is not there' {
        { $swarm | Remove-GaleraService -Name pester-none -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'GaleraNotFound,*'
    }

    It 'asks before it removes, and does so when it is told not to ask' {
        # What counts as a cluster is the label; what runs in it is no matter here.
        $part = @{ Image = 'lab/busybox:latest'; NoResolveImage = $true; ArgumentList = 'sleep', '600'; StableSeconds = 0; WarningAction = 'SilentlyContinue' }
        $null = $swarm | New-SwarmService -Name pester-galera @part -Label @{ 'swarmops.galera.cluster' = 'pester' }
        Invoke-Prompt '$nodes | Remove-GaleraService -Name pester' | Should -Match "(?s)Are you sure.*Remove.*pester"
        ($swarm | Get-SwarmService -Name pester-galera).RunningCount | Should -Be 1
        $swarm | Remove-GaleraService -Name pester -Confirm:$false
        { $swarm | Get-SwarmService -Name pester-galera -ErrorAction Stop } | Should -Throw -ErrorId 'ServiceNotFound,*'
    }
}
