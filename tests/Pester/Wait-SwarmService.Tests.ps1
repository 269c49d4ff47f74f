BeforeAll {
    . $PSScriptRoot/TestLab.ps1
    $swarm = New-TestSwarm
    $quiet = @{ Image = 'lab/busybox:latest'; NoResolveImage = $true; WarningAction = 'SilentlyContinue' }
}

Describe 'Wait-SwarmService' {
    It 'waits for what -NoWait left, and gives the service as it converged' {
        $null = $swarm | New-SwarmService -Name pester-web @quiet -Replicas 2 -Command sleep, 600 -NoWait
        $service = $swarm | Wait-SwarmService -Name pester-web
        $service | Should -BeOfType ([SwarmOps.SwarmService])
        $service.RunningCount | Should -Be 2
        @($service.Tasks.State | Select-Object -Unique) | Should -Be 'running'
    }

    It 'returns at once when all is well' {
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        ($swarm | Wait-SwarmService -Name pester-web -StableSeconds 0).Name | Should -Be 'pester-web'
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 5
    }

    It 'says in words why a service does not arrive, and what to do' {
        $null = $swarm | New-SwarmService -Name pester-lost @quiet -Command sleep, 600 -Constraint 'node.labels.nowhere==1' -NoWait
        $failure = { $swarm | Wait-SwarmService -Name pester-lost -TimeoutSeconds 8 -ErrorAction Stop } | Should -Throw -ErrorId 'ServiceNotConverged,SwarmOps.Services.WaitSwarmServiceCommand' -PassThru
        $failure.Exception.Message | Should -Match 'no suitable node'
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'names a service that is not there' {
        { $swarm | Wait-SwarmService -Name pester-nowhere -ErrorAction Stop } | Should -Throw -ErrorId 'ServiceNotFound,SwarmOps.Services.WaitSwarmServiceCommand'
    }
}
