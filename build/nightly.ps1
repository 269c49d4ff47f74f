# The task nightly: what the kernel of this machine may lack is proven in the guest of `lab/lab vm`, with the module itself at work in it.

function Invoke-NightlyTask {
    # Packages with known vulnerabilities are warnings, and those are errors.
    Invoke-Program 'dotnet' @('restore', (Get-RepositoryPath 'SwarmOps.slnx'), '--force', '-p:NuGetAudit=true', '-p:NuGetAuditMode=all')
    Invoke-BuildTask
    Confirm-Lab
    # The whole suite on each engine, with the tests that the usual run leaves out for their time.
    foreach ($version in @('') + $onOtherEngines.Keys) {
        $script:Engine = $version
        Invoke-LongTest '' 'SWARMOPS_LONG' 'all'
    }
    $script:Engine = ''
    # The pipeline beside the engine's own limit.
    Invoke-LongTest '' 'SWARMOPS_LONG' 'all' 'Bench'
    # Damaged Compose files and mutations of real ones by the hundred thousand.
    Invoke-LongTest 'Unit.Stacks' 'SWARMOPS_LONG' 'all' 'Unit'
    # The usual run kills the pipeline at a sample of its calls; this one at each.
    Invoke-LongTest 'KillTests' 'SWARMOPS_KILL' 'all'
    # A rotation of a secret that is killed before every call that may change something.
    Invoke-LongTest 'RotationTests' 'SWARMOPS_KILL' 'changes'
    # Whole swarms in outages: rebooted, cut off, with expired certificates and full disks.
    Invoke-LongTest 'SwarmOutageTests' 'SWARMOPS_OUTAGE' 'all'
    # Each fault of docs/networking.md, named; Docker takes its time to notice them.
    Invoke-LongTest 'OverlayFaultTests' 'SWARMOPS_OVERLAY' 'all'
    # Two administrators at once, each pair of changes twenty times; killed and suspended holders of the lock.
    Invoke-LongTest 'LockRaceTests' 'SWARMOPS_OUTAGE' 'all'
    Invoke-LongTest 'LockHolderTests' 'SWARMOPS_OUTAGE' 'all'
    # Every kind of call to a node that goes silent in the middle of it.
    Invoke-LongTest 'TransportSilenceTests' 'SWARMOPS_OUTAGE' 'all'
    # A log that is read slowly, and one whose node is cut off.
    Invoke-LongTest 'ServiceLogTests' 'SWARMOPS_OUTAGE' 'all'
    # All that can happen to a database under writes; databases take too long for the usual run.
    Invoke-LongTest 'Galera' 'SWARMOPS_GALERA' 'all'
    # Two administrators, faults and a database, by a seed that nobody chose.
    $code = Invoke-Walk 20 'On'
    if ($code -ne 0) {
        Stop-Build "The walk ended with exit code $code."
    }
    Invoke-GuestProof
}

# The last part of nightly alone.
function Invoke-GuestTask {
    Invoke-BuildTask
    Confirm-Lab
    Invoke-GuestProof
}

function Confirm-Lab {
    $obstacle = Get-LabObstacle
    if ($obstacle) {
        Stop-Build "The proof cannot run: $obstacle"
    }
}

# Classes of a suite to their whole extent, which the variable asks for; the next ones are not to see it.
function Invoke-LongTest([string] $Class, [string] $Variable, [string] $Extent, [string] $From = 'Lab') {
    $script:Suite = @($From)
    $script:Filter = $Class
    Set-Item "env:$Variable" $Extent
    try {
        Invoke-TestTask
    }
    finally {
        Remove-Item "env:$Variable"
    }
    if ($outcome.ExitCode -ne 0) {
        Stop-Build "Not all of '$Class' passed with $Variable=$Extent."
    }
}

# The guest has Debian's packages only: it gets PowerShell and the .NET that it runs on, the module and the scripts of tests/Guest.
function New-GuestFolder {
    $folder = Join-Path $artifacts guest
    Remove-Folder $folder
    New-Folder (Join-Path $folder dotnet shared)
    # A PowerShell that was installed by itself has .NET in its own folder; else that is <root>/shared/Microsoft.NETCore.App/<version>.
    $core = Split-Path ([object].Assembly.Location)
    if ($core -ne $PSHOME) {
        $runtime = Join-Path $core .. .. .. | Resolve-Path
        Copy-Item (Join-Path $runtime dotnet), (Join-Path $runtime host) (Join-Path $folder dotnet) -Recurse
        Copy-Item (Join-Path $runtime shared Microsoft.NETCore.App) (Join-Path $folder dotnet shared) -Recurse
    }
    Copy-Item $PSHOME (Join-Path $folder pwsh) -Recurse
    Copy-Item $modulesFolder (Join-Path $folder module) -Recurse
    Copy-Item (Get-RepositoryPath tests/Guest) (Join-Path $folder scripts) -Recurse
    Copy-Item (Get-RepositoryPath lab/nodes.ps1) (Join-Path $folder scripts)
    $folder
}

# Ends with the proof's own lines, the last of which counts what passed and what failed.
function Invoke-GuestProof {
    $folder = New-GuestFolder
    try {
        Invoke-Program $lab @('vm', 'up')
        Invoke-Program $lab @('vm', 'copy', $folder, 'swarmops')
        Invoke-Program $lab @('vm', 'nightly', '--', '--judge', '/opt/swarmops/scripts/prove', '/opt/swarmops/scripts/repair')
    }
    finally {
        & $lab vm down
    }
}
