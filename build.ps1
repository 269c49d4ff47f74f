<#
.SYNOPSIS
    The one build logic of SwarmOps. Runs in pwsh 7.4 or later and in the embedded host of src/SwarmOps.Host.
.DESCRIPTION
    ./build.sh [task ...] [options]      (build.sh picks pwsh when there is one, else the embedded host)

    build     compiles the module and its help, and stages it in artifacts/module/SwarmOps/<version>
    test      build, then every suite; ends by one line 'N passed, N failed, N skipped'
    demo      build, then examples/demo.ps1 on a lab that is brought up for it and taken down after it
    bench     build, then the benchmarks of bench/
    package   the folder and the zip for the PowerShell Gallery, in artifacts/package
    nightly   the audit of all packages, and the proof in a virtual machine of what this machine's kernel may lack (lab/lab vm)
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

    # For test: some of Host, Unit, Help, Shell, LabSelf, Lab, Pester (separated by commas). All when not given.
    [string[]] $Suite = @(),

    # For test: runs only the tests whose full name contains this.
    [string] $Filter = '',

    # For demo: leaves the lab up and says how to take it down.
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

# ---- helpers ---------------------------------------------------------------------------------------------------------------------------

function Write-Line([string] $Text = '') {
    $Host.UI.WriteLine($Text)
}

# An expected failure: shown as its message alone, without the position in this file.
function Stop-Build([string] $Message) {
    throw [System.ApplicationException]::new($Message)
}

function Get-RepositoryPath([string] $Path) {
    [System.IO.Path]::Combine($root, $Path)
}

function Invoke-Program([string] $Program, [string[]] $Arguments) {
    & $Program @Arguments | Out-Default
    if ($LASTEXITCODE -ne 0) {
        Stop-Build "'$([System.IO.Path]::GetFileName($Program)) $($Arguments[0])' failed with exit code $LASTEXITCODE."
    }
}

function Test-Program([string] $Name) {
    $null -ne (Get-Command -Name $Name -CommandType Application -ErrorAction Ignore)
}

# Every file below the given paths, without what a build or an editor leaves there.
function Get-InputFile([string[]] $Paths) {
    foreach ($path in $Paths) {
        $full = Get-RepositoryPath $path
        if ([System.IO.File]::Exists($full)) {
            $full
        }
        elseif ([System.IO.Directory]::Exists($full)) {
            [System.IO.Directory]::EnumerateFiles($full, '*', 'AllDirectories') | Where-Object { $_ -notmatch '[\\/](bin|obj)[\\/]' }
        }
    }
}

# One text for the state of files: equal means that nothing was edited, added, renamed or removed.
function Get-Fingerprint([string[]] $Paths, [string] $Options) {
    $lines = [System.Collections.Generic.List[string]]::new()
    foreach ($file in Get-InputFile $Paths) {
        $info = [System.IO.FileInfo]::new($file)
        $lines.Add("$file|$($info.LastWriteTimeUtc.Ticks)|$($info.Length)")
    }
    $lines.Sort([System.StringComparer]::Ordinal)
    $bytes = [System.Text.Encoding]::UTF8.GetBytes("$Options`n" + [string]::Join("`n", $lines))
    [System.Convert]::ToHexString([System.Security.Cryptography.SHA256]::HashData($bytes))
}

function Get-StampPath([string] $Name) {
    [System.IO.Path]::Combine($artifacts, 'stamps', "$Name-$flavor")
}

function Test-Stamp([string] $Name, [string] $Fingerprint) {
    $path = Get-StampPath $Name
    [System.IO.File]::Exists($path) -and [System.IO.File]::ReadAllText($path) -eq $Fingerprint
}

function Set-Stamp([string] $Name, [string] $Fingerprint) {
    $path = Get-StampPath $Name
    $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($path))
    [System.IO.File]::WriteAllText($path, $Fingerprint)
}

# Compiles some projects of the solution in one MSBuild run, through a solution filter.
function Build-Project([string] $Name, [string[]] $Projects) {
    if (-not (Test-Program 'dotnet')) {
        Stop-Build 'The .NET SDK 10 is needed: install it so that dotnet is on PATH (https://dotnet.microsoft.com/download).'
    }
    $filter = [System.IO.Path]::Combine($artifacts, "$Name.slnf")
    $null = [System.IO.Directory]::CreateDirectory($artifacts)
    $quoted = foreach ($project in $Projects) { '"' + $project + '"' }
    [System.IO.File]::WriteAllText($filter, '{ "solution": { "path": "../SwarmOps.slnx", "projects": [ ' + [string]::Join(', ', $quoted) + ' ] } }')
    Invoke-Program 'dotnet' @('build', $filter, '--configuration', $Configuration, '--verbosity', 'quiet', '-nologo', '-tl:off', '-clp:NoSummary')
}

# Copies by rename: a process that has the old file mapped goes on with it.
function Copy-IfChanged([string] $From, [string] $To) {
    $source = [System.IO.FileInfo]::new($From)
    $target = [System.IO.FileInfo]::new($To)
    if ($target.Exists -and $target.Length -eq $source.Length -and $target.LastWriteTimeUtc -eq $source.LastWriteTimeUtc) {
        return
    }
    $null = [System.IO.Directory]::CreateDirectory($target.DirectoryName)
    $partial = "$To.partial"
    [System.IO.File]::Copy($From, $partial, $true)
    [System.IO.File]::Move($partial, $To, $true)
}

function Remove-Folder([string] $Path) {
    if ([System.IO.Directory]::Exists($Path)) {
        [System.IO.Directory]::Delete($Path, $true)
    }
}

# Words of a command line as a splat: '-Delay 80 -Verbose' becomes @{ Delay = '80'; Verbose = $true }.
function ConvertTo-Splat([string[]] $Words) {
    $splat = @{}
    $name = $null
    foreach ($word in $Words) {
        if ($word -match '^-([A-Za-z]\w*)(?::(.*))?$') {
            $name = $Matches[1]
            $splat[$name] = if ($Matches.ContainsKey(2)) { $Matches[2] } else { $true }
        }
        elseif ($null -eq $name) {
            Stop-Build "'$word' follows no argument name."
        }
        else {
            $splat[$name] = $word
            $name = $null
        }
    }
    $splat
}

# ---- build -----------------------------------------------------------------------------------------------------------------------------

# Every stage may have a format file of its own: SwarmOps.<Stage>.Format.ps1xml.
$views = @(foreach ($path in [System.IO.Directory]::GetFiles((Get-RepositoryPath '.'), 'SwarmOps.*.ps1xml')) { [System.IO.Path]::GetFileName($path) })

function Invoke-BuildTask([switch] $RequireHelp) {
    if ($done.Contains('build') -and -not $RequireHelp) {
        return
    }
    $inputs = $views + 'src/SwarmOps', 'src/SwarmOps.Cmdlets', 'tools', 'docs/cmdlets', 'SwarmOps.psd1', 'SwarmOps.psm1',
        'LICENSE', 'THIRD-PARTY-NOTICES', 'Directory.Build.props', 'Directory.Packages.props', '.editorconfig', 'build.ps1'
    $loose = Get-Fingerprint $inputs 'loose'
    $complete = Get-Fingerprint $inputs 'complete'
    $staged = [System.IO.File]::Exists([System.IO.Path]::Combine($moduleFolder, 'SwarmOps.psd1'))
    if (-not $staged -or -not ((Test-Stamp 'module' $complete) -or (-not $RequireHelp -and (Test-Stamp 'module' $loose)))) {
        Write-Line "Building SwarmOps $version ($Configuration)."
        Build-Project 'module' @('src/SwarmOps/SwarmOps.csproj', 'src/SwarmOps.Cmdlets/SwarmOps.Cmdlets.csproj', 'tools/HelpBuilder/HelpBuilder.csproj')
        Publish-ModuleFolder
        Build-Help -RequireHelp:$RequireHelp
        Set-Stamp 'module' $(if ($RequireHelp) { $complete } else { $loose })
    }
    Write-Line "The module is in $moduleFolder."
    $null = $done.Add('build')
}

# The folder as it is installed: the manifest and its files, the types, and the cmdlets with their packages in a folder of their own.
function Publish-ModuleFolder {
    $files = [ordered]@{}
    foreach ($name in @('SwarmOps.psd1', 'SwarmOps.psm1', 'LICENSE', 'THIRD-PARTY-NOTICES') + $views) {
        $files[$name] = Get-RepositoryPath $name
    }
    $types = [System.IO.Path]::Combine($artifacts, 'bin', 'SwarmOps', $flavor)
    $cmdlets = [System.IO.Path]::Combine($artifacts, 'bin', 'SwarmOps.Cmdlets', $flavor)
    foreach ($name in 'SwarmOps.dll', 'SwarmOps.xml') {
        $files["bin/$name"] = [System.IO.Path]::Combine($types, $name)
    }
    foreach ($path in [System.IO.Directory]::GetFiles($cmdlets, '*.dll')) {
        $name = [System.IO.Path]::GetFileName($path)
        if ($name -notin 'SwarmOps.dll', 'System.Management.Automation.dll') {
            $files["bin/isolated/$name"] = $path
        }
    }

    $keep = [System.Collections.Generic.HashSet[string]]::new()
    foreach ($entry in $files.GetEnumerator()) {
        $target = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($moduleFolder, $entry.Key))
        Copy-IfChanged $entry.Value $target
        $null = $keep.Add($target)
    }
    foreach ($path in [System.IO.Directory]::GetFiles($moduleFolder, '*', 'AllDirectories')) {
        if (-not $keep.Contains($path) -and -not $path.EndsWith('-Help.xml', [System.StringComparison]::Ordinal)) {
            [System.IO.File]::Delete($path)
        }
    }
    foreach ($folder in [System.IO.Directory]::GetDirectories([System.IO.Path]::GetDirectoryName($moduleFolder))) {
        if ($folder -ne $moduleFolder) {
            Remove-Folder $folder
        }
    }
}

function Build-Help([switch] $RequireHelp) {
    $builder = [System.IO.Path]::Combine($artifacts, 'bin', 'HelpBuilder', $flavor, 'HelpBuilder.dll')
    $arguments = @($builder, '--module', [System.IO.Path]::Combine($moduleFolder, 'SwarmOps.psd1'), '--pages', (Get-RepositoryPath 'docs/cmdlets'))
    if ($RequireHelp) {
        $arguments += '--strict'
    }
    & dotnet @arguments | Out-Default
    if ($LASTEXITCODE -ne 0) {
        Stop-Build 'The help is not complete.'
    }
}

# ---- test ------------------------------------------------------------------------------------------------------------------------------

$allSuites = 'Host', 'Unit', 'Help', 'Shell', 'LabSelf', 'Lab', 'Pester'
$totals = @{ Passed = 0; Failed = 0; Skipped = 0 }
$results = [System.IO.Path]::Combine($artifacts, 'test-results')

function Add-Result([string] $Name, [int] $Passed, [int] $Failed, [int] $Skipped, [System.Diagnostics.Stopwatch] $Watch) {
    $totals.Passed += $Passed
    $totals.Failed += $Failed
    $totals.Skipped += $Skipped
    $seconds = $Watch.Elapsed.TotalSeconds.ToString('0.0', [cultureinfo]::InvariantCulture)
    Write-Line "--- ${Name}: passed $Passed, failed $Failed, skipped $Skipped, in $seconds s"
}

# A whole suite that cannot run although it should: one failure, so that nobody takes the rest for all.
function Add-Failure([string] $Name, [string] $Reason) {
    $totals.Failed++
    Write-Line "--- ${Name}: FAILED TO RUN: $Reason"
}

function Write-NotRun([string] $Name, [string] $Reason) {
    Write-Line "--- ${Name}: not run: $Reason"
}

function Invoke-TestTask {
    $suites = if ($Suite.Count -eq 0) { $allSuites } else { @([string]::Join(',', $Suite).Split(',', [System.StringSplitOptions]'RemoveEmptyEntries, TrimEntries')) }
    foreach ($name in $suites) {
        if ($name -notin $allSuites) {
            Stop-Build "There is no suite '$name'. The suites are: $([string]::Join(', ', $allSuites))."
        }
    }
    $total = [System.Diagnostics.Stopwatch]::StartNew()
    Invoke-BuildTask
    Build-Test
    Remove-Folder $results
    $null = [System.IO.Directory]::CreateDirectory($results)

    if ('Host' -in $suites) { Invoke-XunitSuite 'Host' }
    if ('Unit' -in $suites) { Invoke-XunitSuite 'Unit' }
    if ('Help' -in $suites) { Invoke-HelpSuite }
    if ('Shell' -in $suites) { Invoke-ShellSuite }
    if ('LabSelf' -in $suites) { Invoke-LabSelfSuite }
    if ('Lab' -in $suites -or 'Pester' -in $suites) { Invoke-LabSuites $suites }

    Write-Line "All suites took $($total.Elapsed.TotalSeconds.ToString('0', [cultureinfo]::InvariantCulture)) s; results are in $results."
    Write-Line "$($totals.Passed) passed, $($totals.Failed) failed, $($totals.Skipped) skipped"
    if ($totals.Failed -gt 0 -or $totals.Passed -eq 0) {
        # No test at all proves nothing either.
        exit 1
    }
}

function Build-Test {
    $projects = @([System.IO.Directory]::GetDirectories((Get-RepositoryPath 'tests')) |
        ForEach-Object { [System.IO.Directory]::GetFiles($_, '*.csproj') } |
        ForEach-Object { [System.IO.Path]::GetRelativePath($root, $_).Replace('\', '/') })
    if (-not $inEmbeddedHost) {
        # build.sh has built it, and it is running, when this is the embedded host.
        $projects += @('src/SwarmOps.Host/SwarmOps.Host.csproj')
    }
    $fingerprint = Get-Fingerprint @('src', 'tests', 'SwarmOps.psd1', 'Directory.Build.props', 'Directory.Packages.props', '.editorconfig', 'build.ps1') "$inEmbeddedHost"
    if (-not (Test-Stamp 'tests' $fingerprint)) {
        Write-Line 'Building the tests.'
        Build-Project 'tests' $projects
        Set-Stamp 'tests' $fingerprint
    }
}

# Runs a test program and reads its results: Passed, Failed, Skipped, and the methods that failed. $null when it wrote none.
function Invoke-XunitProgram([string] $Name, [string] $Report, [string[]] $Methods) {
    $assembly = [System.IO.Path]::Combine($artifacts, 'bin', "SwarmOps.Tests.$Name", $flavor, "SwarmOps.Tests.$Name.dll")
    $arguments = @('exec', $assembly, '-noLogo', '-result-xml', $Report)
    if ([Console]::IsOutputRedirected -or $inEmbeddedHost) {
        $arguments += '-noColor'
    }
    foreach ($method in $Methods) {
        $arguments += '-method', $method
    }
    & dotnet @arguments | Out-Default
    $code = $LASTEXITCODE
    if (-not [System.IO.File]::Exists($Report)) {
        Add-Failure $Name "the test program ended with exit code $code and wrote no results."
        return
    }

    $outcome = [pscustomobject]@{ Passed = 0; Failed = 0; Skipped = 0; FailedMethods = @() }
    $document = [System.Xml.XmlDocument]::new()
    $document.Load($Report)
    foreach ($node in $document.SelectNodes('/assemblies/assembly')) {
        $outcome.Passed += [int] $node.GetAttribute('passed')
        $outcome.Failed += [int] $node.GetAttribute('failed') + [int] $node.GetAttribute('errors')
        $outcome.Skipped += [int] $node.GetAttribute('skipped')
    }
    $seen = [System.Collections.Generic.HashSet[string]]::new()
    foreach ($node in $document.SelectNodes("//test[@result='Fail']")) {
        $null = $seen.Add("$($node.GetAttribute('type')).$($node.GetAttribute('method'))")
    }
    $outcome.FailedMethods = @($seen)
    if ($code -ne 0 -and $outcome.Failed -eq 0) {
        # Exit codes without a failed test: a crash at the end, a fixture that could not start, no test at all.
        $outcome.Failed = 1
        Write-Line "The test program ended with exit code $code."
    }
    $outcome
}

function Invoke-XunitSuite([string] $Name) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    Write-Line "--- $Name"
    $env:SWARMOPS_HOST_EXE = [System.IO.Path]::Combine($artifacts, 'bin', 'SwarmOps.Host', $(if ($inEmbeddedHost) { 'release' } else { $flavor }), 'SwarmOps.Host')
    $env:SWARMOPS_MODULE = [System.IO.Path]::Combine($moduleFolder, 'SwarmOps.psd1')
    $outcome = Invoke-XunitProgram $Name ([System.IO.Path]::Combine($results, "$Name.xml")) @(if ($Filter) { "*$Filter*" })
    if (-not $outcome) {
        return
    }

    # Real engines of 20.10 get stuck now and then when they change roles under load: a few failures on the lab get one more try, in plain sight.
    $mostRetries = 8
    if ($Name -eq 'Lab' -and $outcome.FailedMethods.Count -in 1..$mostRetries) {
        Write-Line "--- $Name, second try of $($outcome.FailedMethods.Count): $([string]::Join(', ', $outcome.FailedMethods))"
        $again = Invoke-XunitProgram $Name ([System.IO.Path]::Combine($results, "$Name-again.xml")) $outcome.FailedMethods
        if (-not $again) {
            return
        }
        $outcome.Passed += [System.Math]::Max(0, $outcome.Failed - $again.Failed)
        $outcome.Failed = $again.Failed
    }
    Add-Result $Name $outcome.Passed $outcome.Failed $outcome.Skipped $watch
}

function Invoke-HelpSuite {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    Write-Line '--- Help'
    try {
        Build-Help -RequireHelp
        Add-Result 'Help' 1 0 0 $watch
    }
    catch [System.ApplicationException] {
        Add-Result 'Help' 0 1 0 $watch
    }
}

function Invoke-ShellSuite {
    if (-not (Test-Program 'shellcheck') -and (Get-LabObstacle @('shellcheck'))) {
        Write-NotRun 'Shell' "shellcheck is not on PATH (Debian package 'shellcheck')."
        return
    }
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    Write-Line '--- Shell'
    $passed = $failed = 0
    foreach ($file in Get-InputFile @('build.sh', '.ci', 'lab', 'examples', 'bench', 'tests', 'tools')) {
        if (-not (Test-ShellScript $file)) {
            continue
        }
        & shellcheck --external-sources --source-path=SCRIPTDIR:SCRIPTDIR/.. $file | Out-Default
        if ($LASTEXITCODE -eq 0) { $passed++ } else { $failed++ }
    }
    Add-Result 'Shell' $passed $failed 0 $watch
}

# Programs, not the parts that they source: those make sense only together.
function Test-ShellScript([string] $File) {
    $reader = [System.IO.StreamReader]::new($File)
    try {
        $reader.ReadLine() -match '^#!.*\b(ba|da)?sh\b'
    }
    finally {
        $reader.Dispose()
    }
}

# ---- the lab ---------------------------------------------------------------------------------------------------------------------------

# Null when a lab can be made here, else the reason why not. Packages of Debian that are named are installed, too.
function Get-LabObstacle([string[]] $Packages = @()) {
    if (-not $IsLinux) {
        return 'the lab needs Linux.'
    }
    if (-not [System.IO.File]::Exists($lab)) {
        return "there is no $lab."
    }
    if ([System.Environment]::UserName -ne 'root') {
        return 'the lab needs root: run it with sudo.'
    }
    & $lab deps @Packages | Out-Default
    if ($LASTEXITCODE -ne 0) {
        return "'lab/lab deps' failed with exit code $LASTEXITCODE."
    }
}

function Invoke-LabSelfSuite {
    $selfTest = Get-RepositoryPath 'lab/selftest'
    if (-not [System.IO.File]::Exists($selfTest)) {
        Write-NotRun 'LabSelf' 'there is no lab/selftest.'
        return
    }
    $obstacle = Get-LabObstacle
    if ($obstacle) {
        Add-Failure 'LabSelf' $obstacle
        return
    }
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    Write-Line '--- LabSelf'
    $counts = $null
    & $selfTest | ForEach-Object {
        if ($_ -match '^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$') {
            $counts = $Matches
        }
        else {
            Write-Line "$_"
        }
    }
    $code = $LASTEXITCODE
    if ($null -eq $counts) {
        Add-Result 'LabSelf' ([int]($code -eq 0)) ([int]($code -ne 0)) 0 $watch
        return
    }
    $failed = [int] $counts[2]
    if ($code -ne 0 -and $failed -eq 0) {
        $failed = 1
        Write-Line "lab/selftest ended with exit code $code."
    }
    $skipped = if ($counts.ContainsKey(3)) { [int] $counts[3] } else { 0 }
    Add-Result 'LabSelf' ([int] $counts[1]) $failed $skipped $watch
}

# Lab and Pester share one lab, which this script owns: it comes down also when a suite is killed or Ctrl+C ends the run.
function Invoke-LabSuites([string[]] $Suites) {
    $pester = if ('Pester' -in $Suites) { Find-Pester }
    if ('Lab' -notin $Suites -and -not $pester) {
        return
    }
    $obstacle = Get-LabObstacle
    if ($obstacle) {
        Add-Failure 'Lab' $obstacle
        return
    }
    # A run that was killed outright could not take its lab down.
    foreach ($left in & $lab list) {
        if ($left -match '^b(\d+)$' -and -not [System.IO.Directory]::Exists("/proc/$($Matches[1])")) {
            & $lab down --name $left | Out-Default
        }
    }
    $name = "b$PID"
    try {
        & $lab up --name $name | Out-Default
        if ($LASTEXITCODE -ne 0) {
            Add-Failure 'Lab' "'lab/lab up' failed with exit code $LASTEXITCODE."
            return
        }
        $env:SWARMOPS_LAB = $name
        if ('Lab' -in $Suites) { Invoke-XunitSuite 'Lab' }
        if ($pester) { Invoke-PesterSuite }
    }
    finally {
        $env:SWARMOPS_LAB = ''
        & $lab down --name $name | Out-Default
    }
}

# True when the Pester suite can run; else says why not.
function Find-Pester {
    if (-not [System.IO.Directory]::Exists((Get-RepositoryPath 'tests/Pester'))) {
        Write-NotRun 'Pester' 'there is no tests/Pester.'
        return $false
    }
    if (-not (Test-Program 'pwsh')) {
        Write-NotRun 'Pester' 'pwsh is not on PATH. Its tests are what a user types; the suite Lab covers the same ground in the embedded engine.'
        return $false
    }
    $found = & pwsh -NoProfile -NonInteractive -Command "(Get-Module -ListAvailable Pester | Sort-Object Version | Select-Object -Last 1).Version.ToString()" 2>$null
    if ($LASTEXITCODE -ne 0 -or -not $found) {
        Write-NotRun 'Pester' 'pwsh finds no Pester (Install-Module Pester).'
        return $false
    }
    Write-Line "Pester $found."
    return $true
}

function Invoke-PesterSuite {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    Write-Line '--- Pester'
    $env:SWARMOPS_MODULE = [System.IO.Path]::Combine($moduleFolder, 'SwarmOps.psd1')
    $env:SWARMOPS_PESTER_PATH = Get-RepositoryPath 'tests/Pester'
    $env:SWARMOPS_PESTER_COUNTS = [System.IO.Path]::Combine($results, 'Pester.counts')
    $env:SWARMOPS_PESTER_FILTER = $Filter
    $command = @'
$configuration = New-PesterConfiguration
$configuration.Run.Path = $env:SWARMOPS_PESTER_PATH
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
if ($env:SWARMOPS_PESTER_FILTER) { $configuration.Filter.FullName = "*$env:SWARMOPS_PESTER_FILTER*" }
$run = Invoke-Pester -Configuration $configuration
$failed = $run.FailedCount + $run.FailedBlocksCount + $run.FailedContainersCount
[System.IO.File]::WriteAllText($env:SWARMOPS_PESTER_COUNTS, "$($run.PassedCount) $failed $($run.SkippedCount)")
'@
    & pwsh -NoProfile -NonInteractive -Command $command | Out-Default
    if (-not [System.IO.File]::Exists($env:SWARMOPS_PESTER_COUNTS)) {
        Add-Failure 'Pester' "pwsh ended with exit code $LASTEXITCODE and wrote no results."
        return
    }
    $counts = [System.IO.File]::ReadAllText($env:SWARMOPS_PESTER_COUNTS).Split(' ')
    Add-Result 'Pester' $counts[0] $counts[1] $counts[2] $watch
}

# ---- demo, bench, nightly --------------------------------------------------------------------------------------------------------------

# Makes 'Import-Module SwarmOps' find what was just built, in this process and in its children.
function Add-ModulePath {
    $env:PSModulePath = $modulesFolder + [System.IO.Path]::PathSeparator + $env:PSModulePath
    $env:SWARMOPS_MODULE = [System.IO.Path]::Combine($moduleFolder, 'SwarmOps.psd1')
}

function Invoke-DemoTask([hashtable] $Arguments) {
    Invoke-BuildTask
    $obstacle = Get-LabObstacle
    if ($obstacle) {
        Stop-Build "The demo cannot run: $obstacle"
    }
    Add-ModulePath
    $name = 'demo'
    try {
        # A lab that an earlier demo kept is taken as it is: the pipeline must not mind.
        if ($name -notin (& $lab list)) {
            & $lab up --name $name
            if ($LASTEXITCODE -ne 0) {
                Stop-Build "'lab/lab up' failed with exit code $LASTEXITCODE."
            }
        }
        $status = [System.IO.Path]::Combine($artifacts, 'demo', 'lab.json')
        $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($status))
        $json = & $lab status --name $name --json
        if ($LASTEXITCODE -ne 0) {
            Stop-Build "'lab/lab status' failed with exit code $LASTEXITCODE."
        }
        [System.IO.File]::WriteAllText($status, [string]::Join("`n", $json))

        # Not piped to Out-Default here: the host's own shows what there was when the script fails, and the position in it.
        & (Get-RepositoryPath 'examples/demo.ps1') -StatusPath $status -Module $env:SWARMOPS_MODULE @Arguments
    }
    finally {
        if ($KeepLab) {
            "The lab stays up. Look around with 'lab/lab status --name $name'; take it down with 'lab/lab down --name $name'."
        }
        else {
            & $lab down --name $name
        }
    }
}

function Invoke-BenchTask([hashtable] $Arguments) {
    Invoke-BuildTask
    Add-ModulePath
    $bench = Get-RepositoryPath 'bench'
    $scripts = if ([System.IO.Directory]::Exists($bench)) { [System.IO.Directory]::GetFiles($bench, '*.ps1') }
    if (-not $scripts) {
        Stop-Build "There is no benchmark in $bench."
    }
    [array]::Sort($scripts, [System.StringComparer]::Ordinal)
    foreach ($script in $scripts) {
        Write-Line "--- $([System.IO.Path]::GetFileName($script))"
        & $script @Arguments
    }
}

function Invoke-NightlyTask {
    # Packages with known vulnerabilities are warnings, and those are errors.
    Invoke-Program 'dotnet' @('restore', (Get-RepositoryPath 'SwarmOps.slnx'), '--force', '-p:NuGetAudit=true', '-p:NuGetAuditMode=all')
    Invoke-BuildTask
    $obstacle = Get-LabObstacle
    if ($obstacle) {
        Stop-Build "The nightly proof cannot run: $obstacle"
    }
    . (Get-RepositoryPath 'build/nightly.ps1')
    Invoke-GuestProof
}

# ---- package, clean --------------------------------------------------------------------------------------------------------------------

function Invoke-PackageTask {
    Invoke-BuildTask -RequireHelp
    $folder = [System.IO.Path]::Combine($artifacts, 'package')
    $zip = [System.IO.Path]::Combine($folder, "SwarmOps.$version.zip")
    Remove-Folder $folder
    $null = [System.IO.Directory]::CreateDirectory($folder)
    [System.IO.Compression.ZipFile]::CreateFromDirectory($modulesFolder, $zip, 'SmallestSize', $false)

    $megabytes = [System.IO.FileInfo]::new($zip).Length / 1MB
    if ($megabytes -gt 20) {
        Stop-Build "$zip has $($megabytes.ToString('0.0')) MB; 20 MB is the limit."
    }
    Test-Package $zip
    Write-Line "$zip ($($megabytes.ToString('0.0', [cultureinfo]::InvariantCulture)) MB)"
}

# Unpacks the zip in another place and imports it in a process of its own: every cmdlet that the manifest names must be there, with its help.
function Test-Package([string] $Zip) {
    $elsewhere = [System.IO.Directory]::CreateTempSubdirectory('swarmops-package-').FullName
    try {
        [System.IO.Compression.ZipFile]::ExtractToDirectory($Zip, $elsewhere)
        $env:SWARMOPS_PACKAGE_MANIFEST = [System.IO.Path]::Combine($elsewhere, 'SwarmOps', $version, 'SwarmOps.psd1')
        $command = @'
$ErrorActionPreference = 'Stop'
$module = Import-Module $env:SWARMOPS_PACKAGE_MANIFEST -PassThru
foreach ($name in $module.ExportedCmdlets.Keys) { if (-not (Get-Help $name).description) { throw "$name has no help." } }
[string]::Join(' ', $module.ExportedCmdlets.Keys)
'@
        $exported = & ([System.Environment]::ProcessPath) -NoProfile -NonInteractive -Command $command
        if ($LASTEXITCODE -ne 0) {
            Stop-Build 'The package cannot be imported from another place.'
        }
        $promised = [regex]::Match($manifestText, 'CmdletsToExport\s*=\s*@\(([^)]*)\)').Groups[1].Value
        foreach ($name in [regex]::Matches($promised, "'([^']+)'").ForEach({ $_.Groups[1].Value })) {
            if ($name -notin "$exported".Split(' ')) {
                Stop-Build "The manifest promises $name, but the package does not export it."
            }
        }
    }
    finally {
        Remove-Folder $elsewhere
    }
}

function Invoke-CleanTask {
    if (-not [System.IO.Directory]::Exists($artifacts)) {
        return
    }
    # The host that runs this script cannot remove itself; build.sh brings it up to date when its sources change.
    $keep = if ($inEmbeddedHost) { 'SwarmOps.Host' } else { '' }
    foreach ($parent in 'bin', 'obj') {
        $folder = [System.IO.Path]::Combine($artifacts, $parent)
        if ([System.IO.Directory]::Exists($folder)) {
            [System.IO.Directory]::GetDirectories($folder) | Where-Object { [System.IO.Path]::GetFileName($_) -ne $keep } | ForEach-Object { Remove-Folder $_ }
        }
    }
    [System.IO.Directory]::GetDirectories($artifacts) | Where-Object { [System.IO.Path]::GetFileName($_) -notin 'bin', 'obj' } | ForEach-Object { Remove-Folder $_ }
    $done.Clear()
}

# ---- run -------------------------------------------------------------------------------------------------------------------------------

try {
    $firstArgument = 0
    while ($firstArgument -lt $Task.Count -and -not $Task[$firstArgument].StartsWith('-')) {
        $firstArgument++
    }
    $words = [string[]]@($Task | ForEach-Object { $index = 0 } { if ($index++ -ge $firstArgument) { $_ } })
    $tasks = @($Task | ForEach-Object { $index = 0 } { if ($index++ -lt $firstArgument) { $_.Split(',') } })
    $known = 'build', 'test', 'demo', 'bench', 'package', 'nightly', 'clean'
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
            'nightly' { Invoke-NightlyTask }
            'clean' { Invoke-CleanTask }
        }
    }
}
catch [System.ApplicationException] {
    $Host.UI.WriteErrorLine("build: $($_.Exception.Message)")
    exit 1
}
