@{
    RootModule             = 'SwarmOps.psm1'
    ModuleVersion          = '0.1.0'
    GUID                   = 'b8f3c0c4-5f0e-4c39-9d3a-6f5c9a1d2e70'
    Author                 = 'The SwarmOps authors'
    CompanyName            = 'SwarmOps'
    Copyright              = '(c) The SwarmOps authors. MIT license.'
    Description            = 'Builds and runs one Docker Swarm across continents: every stage verifies what it did, can be run again after a crash, and says what to do when something is wrong.'
    PowerShellVersion      = '7.4'
    CompatiblePSEditions   = @('Core')
    RequiredAssemblies     = @('bin/SwarmOps.dll')
    TypesToProcess         = @('SwarmOps.Types.ps1xml')
    FormatsToProcess       = @('SwarmOps.Format.ps1xml', 'SwarmOps.Services.Format.ps1xml', 'SwarmOps.Galera.Format.ps1xml', 'SwarmOps.GeoDns.Format.ps1xml', 'SwarmOps.Folders.Format.ps1xml', 'SwarmOps.Recovery.Format.ps1xml', 'SwarmOps.Aws.Format.ps1xml')
    FunctionsToExport      = @()
    AliasesToExport        = @()
    VariablesToExport      = @()
    CmdletsToExport        = @(
        'Backup-Swarm'
        'Get-GaleraCluster'
        'Get-Swarm'
        'Get-SwarmConfig'
        'Get-SwarmGeoDns'
        'Get-SwarmNode'
        'Get-SwarmOverlay'
        'Get-SwarmRegionNode'
        'Get-SwarmSecret'
        'Get-SwarmService'
        'Get-SwarmServiceLog'
        'Get-SwarmSharedFolder'
        'Get-SwarmTask'
        'Get-SwarmUnlockKey'
        'Initialize-Swarm'
        'Install-SwarmEngine'
        'Join-SwarmAsWorker'
        'New-EncryptedOverlay'
        'New-GaleraService'
        'New-SwarmConfig'
        'New-SwarmEdgeService'
        'New-SwarmGeoDns'
        'New-SwarmNode'
        'New-SwarmRegionNode'
        'New-SwarmSecret'
        'New-SwarmService'
        'New-SwarmSharedFolder'
        'Remove-GaleraService'
        'Remove-SwarmConfig'
        'Remove-SwarmGeoDns'
        'Remove-SwarmNode'
        'Remove-SwarmOverlay'
        'Remove-SwarmRegionNode'
        'Remove-SwarmSecret'
        'Remove-SwarmService'
        'Remove-SwarmSharedFolder'
        'Repair-GaleraCluster'
        'Repair-Swarm'
        'Restore-Swarm'
        'Set-SwarmEdge'
        'Set-SwarmNode'
        'Step-GaleraRestart'
        'Step-SwarmDemotion'
        'Step-SwarmPromotion'
        'Sync-SwarmFirewall'
        'Test-SwarmGeoDns'
        'Test-SwarmNode'
        'Test-SwarmOverlay'
        'Test-SwarmSharedFolder'
        'Unlock-Swarm'
        'Update-SwarmCertificate'
        'Update-SwarmConfig'
        'Update-SwarmJoinToken'
        'Update-SwarmSecret'
        'Update-SwarmService'
        'Update-SwarmUnlockKey'
        'Wait-SwarmService'
    )
    PrivateData            = @{
        PSData = @{
            Tags         = @(
                'Docker', 'Swarm', 'DockerSwarm', 'Containers', 'Overlay', 'Cluster', 'Galera', 'MariaDB', 'AWS', 'EC2', 'DevOps',
                'PSEdition_Core', 'Linux', 'Windows', 'MacOS'
            )
            ProjectUri   = 'https://github.com/SwarmOps/SwarmOps'
            LicenseUri   = 'https://github.com/SwarmOps/SwarmOps/blob/main/LICENSE'
            IconUri      = 'https://raw.githubusercontent.com/SwarmOps/SwarmOps/main/docs/images/swarmops.png'
            ReleaseNotes = 'https://github.com/SwarmOps/SwarmOps/blob/main/CHANGELOG.md'
        }
    }
}
