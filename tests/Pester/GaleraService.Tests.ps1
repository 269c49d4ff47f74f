BeforeAll {
    Import-Module $env:SWARMOPS_MODULE
}

Describe 'New-GaleraService and Remove-GaleraService, without any swarm' {
    It 'refuses with <Id> what cannot be' -ForEach @(
        @{ Options = @{ Name = 'Galera' }; Id = 'GaleraNameInvalid' }
        @{ Options = @{ DataPath = '/srv' }; Id = 'GaleraDataPathInvalid' }
        @{ Options = @{ Database = 'shop' }; Id = 'GaleraUserIncomplete' }
        @{ Options = @{ MariaDbOption = @{ wsrep_on = '0' } }; Id = 'GaleraOptionReserved' }
        @{ Options = @{ Layout = 'Global'; Arbitrator = 'c' }; Id = 'GaleraArbitratorGlobal' }
        @{ Options = @{ CacheSize = 1000 }; Id = 'GaleraSizeInvalid' }
        @{ Options = @{ ImageBootstraps = $true; Tls = $true }; Id = 'GaleraImageStartsItself' }
    ) {
        $node = New-SwarmNode -Name a -Region a -PublicAddress 203.0.113.250
        { $node | New-GaleraService -Overlay internal @Options -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*"
    }
}
