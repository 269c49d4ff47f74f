# The task nightly: what the kernel of this machine may lack is proven in the guest of `lab/lab vm`, with the module itself at work in it.

function Invoke-NightlyTask {
    # Packages with known vulnerabilities are warnings, and those are errors.
    Invoke-Program 'dotnet' @('restore', (Get-RepositoryPath 'SwarmOps.slnx'), '--force', '-p:NuGetAudit=true', '-p:NuGetAuditMode=all')
    Invoke-BuildTask
    Confirm-Lab
    # The whole suite, with the tests that the usual run leaves out for their time.
    Invoke-LongTest '' 'SWARMOPS_LONG' 'all'
    # The usual run kills the pipeline at a sample of its calls; this one at each.
    Invoke-LongTest 'KillTests' 'SWARMOPS_KILL' 'all'
    # A rotation of a secret that is killed before every call that may change something.
    Invoke-LongTest 'RotationTests' 'SWARMOPS_KILL' 'changes'
    # Whole swarms in outages: rebooted, cut off, with expired certificates and full disks.
    Invoke-LongTest 'SwarmOutageTests' 'SWARMOPS_OUTAGE' 'all'
    # Each fault of docs/networking.md, named; Docker takes its time to notice them.
    Invoke-LongTest 'OverlayFaultTests' 'SWARMOPS_OVERLAY' 'all'
    # The example with images from Debian's packages, which take minutes to make.
    Invoke-LongTest 'WordPressTests' 'SWARMOPS_WORDPRESS' '1'
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

# Classes of tests/Lab to their whole extent, which the variable asks for; the next ones are not to see it.
function Invoke-LongTest([string] $Class, [string] $Variable, [string] $Extent) {
    $script:Suite = @('Lab')
    $script:Filter = $Class
    [System.Environment]::SetEnvironmentVariable($Variable, $Extent)
    try {
        Invoke-TestTask
    }
    finally {
        [System.Environment]::SetEnvironmentVariable($Variable, $null)
    }
}

# The guest has Debian's packages only: it gets the runtime, the embedded host, the module and the scripts of tests/Guest.
function New-GuestFolder {
    $folder = [System.IO.Path]::Combine($artifacts, 'guest')
    Remove-Folder $folder
    $null = [System.IO.Directory]::CreateDirectory($folder)
    $runtime = Get-RuntimeFolder
    Copy-Folder ([System.IO.Path]::Combine($runtime, 'host')) ([System.IO.Path]::Combine($folder, 'dotnet', 'host'))
    Copy-Folder ([System.IO.Path]::Combine($runtime, 'shared', 'Microsoft.NETCore.App')) ([System.IO.Path]::Combine($folder, 'dotnet', 'shared', 'Microsoft.NETCore.App'))
    [System.IO.File]::Copy([System.IO.Path]::Combine($runtime, 'dotnet'), [System.IO.Path]::Combine($folder, 'dotnet', 'dotnet'))
    Copy-Folder ([System.IO.Path]::Combine($artifacts, 'bin', 'SwarmOps.Host', 'release')) ([System.IO.Path]::Combine($folder, 'host'))
    Copy-Folder $modulesFolder ([System.IO.Path]::Combine($folder, 'module'))
    Copy-Folder (Get-RepositoryPath 'tests/Guest') ([System.IO.Path]::Combine($folder, 'scripts'))
    $folder
}

# Where this process' own .NET is: <root>/shared/Microsoft.NETCore.App/<version>/.
function Get-RuntimeFolder {
    $core = [System.IO.Path]::GetDirectoryName([System.IO.Path]::GetFullPath([string].Assembly.Location))
    $root = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($core, '..', '..', '..'))
    if (-not [System.IO.File]::Exists([System.IO.Path]::Combine($root, 'dotnet'))) {
        Stop-Build 'The guest needs the .NET runtime of this machine: run the build with ./build.sh and SWARMOPS_BUILD_HOST=embedded.'
    }
    $root
}

function Copy-Folder([string] $From, [string] $To) {
    $null = [System.IO.Directory]::CreateDirectory($To)
    foreach ($path in [System.IO.Directory]::EnumerateFiles($From, '*', 'AllDirectories')) {
        $target = [System.IO.Path]::Combine($To, [System.IO.Path]::GetRelativePath($From, $path))
        $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($target))
        [System.IO.File]::Copy($path, $target)
    }
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
