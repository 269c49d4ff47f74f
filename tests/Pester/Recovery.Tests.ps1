# What a user sees of backups where no swarm is needed; backups and restores themselves are tested in tests/Lab/RecoveryTests.cs.
BeforeAll {
    Import-Module $env:SWARMOPS_MODULE
    $node = New-SwarmNode -Name a -Region a -PublicAddress 203.0.113.250
    $passphrase = ConvertTo-SecureString 'correct horse battery' -AsPlainText
    $file = Join-Path $TestDrive 'notes.txt'
    Set-Content $file 'no backup'
}

Describe 'Backup-Swarm, without any swarm' {
    It 'refuses <Id>' -ForEach @(
        @{ Id = 'BackupPassphraseTooShort'; Options = @{ Passphrase = (ConvertTo-SecureString 'short' -AsPlainText) } }
        @{ Id = 'BackupDestinationInvalid'; Options = @{ Destination = 's3:///prefix' } }
        @{ Id = 'RegionNameInvalid'; Options = @{ Destination = 's3://bucket'; BucketRegion = 'Frankfurt' } }
    ) {
        $all = @{ Destination = "$TestDrive/backups"; Passphrase = $passphrase }
        $Options.GetEnumerator() | ForEach-Object { $all[$_.Key] = $_.Value }
        $failure = { $node | Backup-Swarm @all -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*" -PassThru
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        Join-Path $TestDrive backups | Should -Not -Exist
    }

    It 'refuses a file as its destination' {
        { $node | Backup-Swarm -Destination $file -Passphrase $passphrase -ErrorAction Stop } | Should -Throw -ErrorId 'BackupDestinationInvalid,*'
    }

    It 'does not take a passphrase as text' {
        { $node | Backup-Swarm -Destination "$TestDrive/backups" -Passphrase 'correct horse battery' -ErrorAction Stop } | Should -Throw -ErrorId 'CannotConvertArgumentNoMessage,*'
    }
}

Describe 'Restore-Swarm, without any swarm' {
    It 'refuses what is no backup' {
        { $node | Restore-Swarm -Path $file -Passphrase $passphrase -ErrorAction Stop } | Should -Throw -ErrorId 'NotABackup,*'
    }

    It 'refuses a place without a backup' {
        { $node | Restore-Swarm -Path $TestDrive -Passphrase $passphrase -ErrorAction Stop } | Should -Throw -ErrorId 'BackupNotFound,*'
        { $node | Restore-Swarm -Path "$TestDrive/nowhere" -Passphrase $passphrase -ErrorAction Stop } | Should -Throw -ErrorId 'BackupNotFound,*'
    }
}

Describe 'The view of a backup' {
    It 'shows what is in it' {
        $backup = [SwarmOps.SwarmBackup] @{ Path = '/b/x.swarmbackup'; Node = 'eu-1'; EngineVersion = '28.5.2'; Method = 'Freeze'; EngineHeld = [timespan]::FromSeconds(0.4); Bytes = 2500000; NodeCount = 3; ManagerCount = 3; SecretCount = 2 }
        $text = $backup | Out-String -Width 200
        $text | Should -Match 'From\s+: eu-1, engine 28\.5\.2, frozen for 0\.4 s'
        $text | Should -Match 'Content\s+: 3 nodes \(3 managers\), 0 services, 0 networks, 2 secrets, 0 configs'
        $text | Should -Match 'Size\s+: 2\.5 MB'
        $text | Should -Not -Match 'Deleted'
        "$backup" | Should -Be '/b/x.swarmbackup'
    }
}
