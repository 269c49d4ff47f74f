<#
.SYNOPSIS
    The one build logic of SwarmOps, for PowerShell 7.4 or later.
.DESCRIPTION
    ./build.sh [task ...] [options]      (build.sh takes the pwsh on PATH, or the one that .config/dotnet-tools.json pins)

    build     compiles the module and its help, and stages it in artifacts/module/SwarmOps/<version>
    test      build, then every suite; ends by one line 'N passed, N failed, N skipped'
    demo      build, then examples/recipe.ps1 on a lab that is brought up for it and taken down after it: from an EC2 account without instances
              to one WordPress site in three regions, and back; with -Short examples/demo.ps1, which ends with the swarm and its network; with
              -Inventory (or where the lab can have no EC2) examples/demo-inventory.ps1, on hosts that are there
    bench     build, then the benchmarks of bench/ and their report, bench/RESULTS.md (under 40 minutes, or what fits into
              -Budget 20 minutes); with -Script ec2 that one only
    package   the folder, the zip and the nupkg for the PowerShell Gallery, in artifacts/package, each installed and imported
    walk      build, then a random walk of two administrators over a lab under faults: -Seed, -Minutes, -Galera, -Ec2 (docs/lab.md)
    nightly   the audit of all packages, the long tests, and guest
    guest     build, then the proof in a virtual machine of what this machine's kernel may lack (lab/lab vm)
    format    formats all C#, as the suite Format checks it
    clean     removes everything that was built
#>
#requires -Version 7.4
param(
    # The tasks in order; from the first word that starts with a dash and is none of the options below, words are arguments for demo or bench.
    [Parameter(Position = 0, ValueFromRemainingArguments)]
    [string[]] $Task = @('build'),

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release',

    # For test: some of Unit, Help, Shell, Format, Bench, LabSelf, Lab, Walk, Pester (separated by commas). All but Bench when not given.
    [string[]] $Suite = @(),

    # For test: runs only the tests whose full name contains this.
    [string] $Filter = '',

    # For test: the engine of the labs, as 'lab up --engine' takes it; the lab's default when not given.
    [string] $Engine = '',

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

    # For demo: ends with the swarm and its network. On hosts that are there, and not on instances of EC2, which is short, too.
    [switch] $Short,
    [switch] $Inventory,

    # For demo: the name of its lab.
    [string] $LabName = '',

    # For demo: leaves the lab up, with the swarm on it, and says how to take it down. For walk: does so after a violation.
    [switch] $KeepLab,

    # Fails when a cmdlet or a parameter has no help text; package does so always, test as its suite Help.
    [switch] $Strict
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false

$root = $PSScriptRoot
$artifacts = Join-Path $root artifacts
$manifestText = Get-Content (Join-Path $root SwarmOps.psd1) -Raw
$version = (Import-PowerShellDataFile (Join-Path $root SwarmOps.psd1)).ModuleVersion
$modulesFolder = Join-Path $artifacts module
$moduleFolder = Join-Path $modulesFolder SwarmOps $version
$lab = Join-Path $root lab lab
$flavor = $Configuration.ToLowerInvariant()
$done = [System.Collections.Generic.HashSet[string]]::new()
$known = 'build', 'test', 'demo', 'bench', 'package', 'walk', 'nightly', 'guest', 'format', 'clean'
$outcome = @{ ExitCode = 0 }

# Build servers and worker nodes would outlive the build; and neither .NET nor PowerShell is to report to its maker.
$env:MSBUILDDISABLENODEREUSE = '1'
$env:DOTNET_CLI_USE_MSBUILD_SERVER = '0'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'
$env:POWERSHELL_TELEMETRY_OPTOUT = '1'
$env:POWERSHELL_UPDATECHECK = 'Off'
if ([Console]::IsOutputRedirected) {
    $PSStyle.OutputRendering = 'PlainText'
    $env:NO_COLOR = '1'
}

foreach ($part in 'common', 'signals', 'tools', 'module', 'tests', 'labs', 'pester', 'lab-tasks', 'bench', 'walk', 'nightly', 'package') {
    . (Join-Path $root build "$part.ps1")
}

function Invoke-Task([string] $Name, [hashtable] $Arguments) {
    if ($Name -ne 'clean') {
        $script:pwsh = $env:SWARMOPS_PWSH = Get-PowerShell
    }
    switch ($Name) {
        'build' { Invoke-BuildTask -RequireHelp:$Strict }
        'test' { Invoke-TestTask }
        'demo' { Invoke-DemoTask $Arguments }
        'bench' { Invoke-BenchTask $Arguments }
        'package' { Invoke-PackageTask }
        'walk' { Invoke-WalkTask }
        'nightly' { Invoke-NightlyTask }
        'guest' { Invoke-GuestTask }
        'format' { Invoke-FormatTask }
        'clean' { Invoke-CleanTask }
    }
}

# The tasks in order, until one fails. What is expected is told by its message alone, everything else with its place.
function Invoke-Build {
    try {
        $firstArgument = 0
        while ($firstArgument -lt $Task.Count -and -not $Task[$firstArgument].StartsWith('-')) {
            $firstArgument++
        }
        $words = @($Task | Select-Object -Skip $firstArgument)
        $tasks = @($Task | Select-Object -First $firstArgument | ForEach-Object { $_.Split(',') })
        foreach ($name in $tasks) {
            if ($name -notin $known) {
                Stop-Build "There is no task '$name'. The tasks are: $($known -join ', ')."
            }
        }
        if ($words -and -not ($tasks | Where-Object { $_ -in 'demo', 'bench' })) {
            Stop-Build "'$($words[0])' is not an option of this script."
        }
        $arguments = ConvertTo-Splat $words
        foreach ($name in $tasks) {
            Invoke-Task $name $arguments
            if ($outcome.ExitCode -ne 0) {
                return
            }
        }
    }
    catch [System.ApplicationException] {
        $outcome.ExitCode = 1
        $Host.UI.WriteErrorLine("build: $($_.Exception.Message)")
    }
    catch {
        $outcome.ExitCode = 1
        $Host.UI.WriteErrorLine(($_ | Out-String).TrimEnd())
        $Host.UI.WriteErrorLine($_.ScriptStackTrace)
    }
}

Invoke-Stoppable { Invoke-Build }
exit $outcome.ExitCode
