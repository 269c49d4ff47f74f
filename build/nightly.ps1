# The task nightly: what the kernel of this machine may lack is proven in the guest of `lab/lab vm`, with the module itself at work in it.

function Invoke-NightlyTask {
    # Packages with known vulnerabilities are warnings, and those are errors.
    Invoke-Program 'dotnet' @('restore', (Get-RepositoryPath 'SwarmOps.slnx'), '--force', '-p:NuGetAudit=true', '-p:NuGetAuditMode=all')
    Invoke-BuildTask
    $obstacle = Get-LabObstacle
    if ($obstacle) {
        Stop-Build "The nightly proof cannot run: $obstacle"
    }
    Invoke-KillProof
    Invoke-RotationProof
    Invoke-OverlayProof
    Invoke-WordPressProof
    Invoke-GaleraProof
    Invoke-GuestProof
}

# The usual run kills the pipeline at a sample of its calls; this one at each.
function Invoke-KillProof {
    $script:Suite = @('Lab')
    $script:Filter = 'KillTests'
    $env:SWARMOPS_KILL = 'all'
    Invoke-TestTask
}

# A rotation of a secret that is killed before every call that may change something.
function Invoke-RotationProof {
    $script:Suite = @('Lab')
    $script:Filter = 'RotationTests'
    $env:SWARMOPS_KILL = 'changes'
    Invoke-TestTask
}

# Each fault of docs/networking.md, named; Docker takes its time to notice them.
function Invoke-OverlayProof {
    $script:Suite = @('Lab')
    $script:Filter = 'OverlayFaultTests'
    $env:SWARMOPS_OVERLAY = 'all'
    Invoke-TestTask
}

# The example with images from Debian's packages, which take minutes to make.
function Invoke-WordPressProof {
    $script:Suite = @('Lab')
    $script:Filter = 'WordPressTests'
    $env:SWARMOPS_WORDPRESS = '1'
    Invoke-TestTask
}

# All that can happen to a database under writes; databases take too long for the usual run.
function Invoke-GaleraProof {
    $script:Suite = @('Lab')
    $script:Filter = 'Galera'
    $env:SWARMOPS_GALERA = 'all'
    Invoke-TestTask
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
        # Engines of an emulated processor may take longer to attach a probe than they themselves allow: the judge is asked for.
        $judge = if ($env:SWARMOPS_GUEST_JUDGE) { '--judge', '/opt/swarmops/scripts/prove' } else { @() }
        Invoke-Program $lab (@('vm', 'nightly', '--') + $judge + '/opt/swarmops/scripts/repair')
    }
    finally {
        & $lab vm down
    }
}
