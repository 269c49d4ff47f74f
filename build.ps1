<#
.SYNOPSIS
    The one build logic of SwarmOps. Runs in pwsh 7.4 or later and in the embedded host of src/SwarmOps.Host.
.DESCRIPTION
    ./build.sh [task ...] [options]      (build.sh picks pwsh when there is one, else the embedded host)

    build     compiles the module and its help, and stages it in artifacts/module/SwarmOps/<version>
    test      build, then every suite; ends by one line 'N passed, N failed, N skipped'
    demo      build, then examples/demo.ps1 on a lab that is brought up for it and taken down after it: from an EC2 account without instances
              to a swarm, and back; with -Inventory (or where the lab can have no EC2) examples/demo-inventory.ps1, on hosts that are there
    bench     build, then the benchmarks of bench/; with -Script ec2 that one only
    package   the folder, the zip and the nupkg for the PowerShell Gallery, in artifacts/package, each installed and imported
    walk      build, then a random walk of two administrators over a lab under faults: -Seed, -Minutes, -Galera, -Ec2 (docs/lab.md)
    nightly   the audit of all packages, the long tests, and guest
    guest     build, then the proof in a virtual machine of what this machine's kernel may lack (lab/lab vm)
    clean     removes everything that was built

    Only the cmdlets of Microsoft.PowerShell.Core, native programs and .NET are used here: the embedded host has no others.
#>
#requires -Version 7.4
param(
    # The tasks in order; from the first word that starts with a dash and is none of the options below, words are arguments for demo or bench.
    [Parameter(Position = 0, ValueFromRemainingArguments)]
    [string[]] $Task = @('build'),

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release',

    # For test: some of Host, Unit, Help, Shell, LabSelf, Lab, Walk, Pester (separated by commas). All when not given.
    [string[]] $Suite = @(),

    # For test: runs only the tests whose full name contains this.
    [string] $Filter = '',

    # For test: how many labs are up at once (0: three, or two where a lab takes long to come up), and the round-trip time between their regions in ms.
    [ValidateRange(0, 8)]
    [int] $LabCount = 0,
    [ValidateRange(0, 1000)]
    [int] $LabDelay = 0,

    # For walk: the seed of all choices (0: by the time of day), how long steps are begun, and whether there is a database (Auto: from ten minutes on).
    [ValidateRange(0, [int]::MaxValue)]
    [int] $Seed = 0,
    [ValidateRange(0.1, 1440)]
    [double] $Minutes = 2,
    [ValidateSet('Auto', 'On', 'Off')]
    [string] $Galera = 'Auto',

    # For walk: on instances of the lab's EC2 endpoint, with their firewall.
    [switch] $Ec2,

    # For demo: on hosts that are there, and not on instances of EC2.
    [switch] $Inventory,

    # For demo: leaves the lab up, with the swarm on it, and says how to take it down. For walk: does so after a violation.
    [switch] $KeepLab,

    # Fails when a cmdlet or a parameter has no help text; package does so always, test as its suite Help.
    [switch] $Strict
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$root = $PSScriptRoot
$artifacts = [System.IO.Path]::Combine($root, 'artifacts')
$manifestText = [System.IO.File]::ReadAllText([System.IO.Path]::Combine($root, 'SwarmOps.psd1'))
$version = [regex]::Match($manifestText, "ModuleVersion\s*=\s*'([^']+)'").Groups[1].Value
$modulesFolder = [System.IO.Path]::Combine($artifacts, 'module')
$moduleFolder = [System.IO.Path]::Combine($modulesFolder, 'SwarmOps', $version)
$lab = [System.IO.Path]::Combine($root, 'lab', 'lab')
$flavor = $Configuration.ToLowerInvariant()
$inEmbeddedHost = $Host.Name -eq 'SwarmOps.Host'
$done = [System.Collections.Generic.HashSet[string]]::new()

# Build servers and worker nodes would outlive the build.
$env:MSBUILDDISABLENODEREUSE = '1'
$env:DOTNET_CLI_USE_MSBUILD_SERVER = '0'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'

foreach ($part in 'common', 'module', 'tests', 'labs', 'pester', 'lab-tasks', 'walk', 'nightly', 'package') {
    . ([System.IO.Path]::Combine($root, 'build', "$part.ps1"))
}

try {
    $firstArgument = 0
    while ($firstArgument -lt $Task.Count -and -not $Task[$firstArgument].StartsWith('-')) {
        $firstArgument++
    }
    $words = [string[]]@($Task | ForEach-Object { $index = 0 } { if ($index++ -ge $firstArgument) { $_ } })
    $tasks = @($Task | ForEach-Object { $index = 0 } { if ($index++ -lt $firstArgument) { $_.Split(',') } })
    $known = 'build', 'test', 'demo', 'bench', 'package', 'walk', 'nightly', 'guest', 'clean'
    foreach ($name in $tasks) {
        if ($name -notin $known) {
            Stop-Build "There is no task '$name'. The tasks are: $([string]::Join(', ', $known))."
        }
    }
    if ($words.Count -gt 0 -and -not ($tasks | Where-Object { $_ -in 'demo', 'bench' })) {
        Stop-Build "'$($words[0])' is not an option of this script."
    }

    foreach ($name in $tasks) {
        switch ($name) {
            'build' { Invoke-BuildTask -RequireHelp:$Strict }
            'test' { Invoke-TestTask }
            'demo' { Invoke-DemoTask (ConvertTo-Splat $words) }
            'bench' { Invoke-BenchTask (ConvertTo-Splat $words) }
            'package' { Invoke-PackageTask }
            'walk' { Invoke-WalkTask }
            'nightly' { Invoke-NightlyTask }
            'guest' { Invoke-GuestTask }
            'clean' { Invoke-CleanTask }
        }
    }
}
catch [System.ApplicationException] {
    $Host.UI.WriteErrorLine("build: $($_.Exception.Message)")
    exit 1
}
