# Sync- and Remove-SwarmDnsRecord as a user types them; tests/Lab/DnsRecordTests proves what they make.
Describe 'records in Route 53, as a user types them' {
    BeforeAll {
        . $PSScriptRoot/TestSession.ps1
        $AccountLab = 'd'
        . $PSScriptRoot/TestAccount.ps1
        # Nothing listens at port 1: who asks a node before the input is checked gets another error.
        $node = New-SwarmNode -Name a -Region eu-central-1 -PublicAddress 203.0.113.1 -DockerHost tcp://127.0.0.1:1
        $record = @{ Zone = 'example.org'; Name = 'www' }
    }

    AfterAll { $null = & $labCommand down --name $labName 2>&1 }

    Context 'Sync-SwarmDnsRecord' {
        It 'refuses a name that is none, before anything is asked' {
            $failure = { $node | Sync-SwarmDnsRecord -Zone example.org -Name 'w w' -Service web @aws -ErrorAction Stop } | Should -Throw -ErrorId 'DnsRecordNameInvalid,*' -PassThru
            $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        }

        It 'takes the intervals that Route 53 has' {
            { $node | Sync-SwarmDnsRecord @record -Service web -HealthIntervalSeconds 20 @aws } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        }

        It 'changes nothing and names the node when the swarm cannot be asked' {
            $failure = { $node | Sync-SwarmDnsRecord @record -Service web @aws -ConnectionTimeoutSeconds 2 -ErrorAction Stop } | Should -Throw -PassThru
            "$failure $($failure.TargetObject)" | Should -Match "'a'|\ba\b"
            $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        }
    }

    Context 'Remove-SwarmDnsRecord' {
        It 'names the zone that the account has not, also without nodes' {
            $failure = { Remove-SwarmDnsRecord -Zone nowhere.example -Name www @aws -Confirm:$false } | Should -Throw -ErrorId 'DnsZoneNotFound,*' -PassThru
            "$failure" | Should -Match 'nowhere\.example'
            $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        }

        It 'refuses a zone that is none' {
            { Remove-SwarmDnsRecord -Zone 'exa mple' -Name www @aws -Confirm:$false } | Should -Throw -ErrorId 'DnsZoneInvalid,*'
        }
    }
}
