BeforeAll {
    . $PSScriptRoot/ManagerSwarm.ps1
    $swarm = $nodes | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest
}

Describe 'Get-GaleraCluster' {
    It 'says that a cluster is not there' {
        { $swarm | Get-GaleraCluster -Name pester-none -ErrorAction Stop } | Should -Throw -ErrorId 'GaleraNotFound,SwarmOps.Galera.State.GetGaleraClusterCommand'
    }

    It 'finds nothing for a pattern that nothing matches' {
        $swarm | Get-GaleraCluster -Name 'pester-*' -ErrorAction Stop | Should -BeNullOrEmpty
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
