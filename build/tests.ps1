# The task test, and the suites that need no lab.

$allSuites = 'Unit', 'Help', 'Shell', 'Format', 'Bench', 'LabSelf', 'Lab', 'Walk', 'Pester'
# Run when they are named only; nightly runs them too.
$namedSuites = 'Bench', 'Walk'
$totals = @{ Passed = 0; Failed = 0; Skipped = 0 }
$results = Join-Path $artifacts test-results

function Add-Result([string] $Name, [int] $Passed, [int] $Failed, [int] $Skipped, [System.Diagnostics.Stopwatch] $Watch) {
    $totals.Passed += $Passed
    $totals.Failed += $Failed
    $totals.Skipped += $Skipped
    Write-Line "--- ${Name}: passed $Passed, failed $Failed, skipped $Skipped, in $(Format-Second $Watch.Elapsed) s"
}

# A whole suite that cannot run although it should: one failure, so that nobody takes the rest for all.
function Add-Failure([string] $Name, [string] $Reason) {
    $totals.Failed++
    Write-Line "--- ${Name}: FAILED TO RUN: $Reason"
}

function Invoke-TestTask {
    $suites = if ($Suite.Count -eq 0) { $allSuites | Where-Object { $_ -notin $namedSuites } } else { $Suite.Split(',', [System.StringSplitOptions] 'RemoveEmptyEntries, TrimEntries') }
    foreach ($name in $suites) {
        if ($name -notin $allSuites) {
            Stop-Build "There is no suite '$name'. The suites are: $($allSuites -join ', ')."
        }
    }
    $total = [System.Diagnostics.Stopwatch]::StartNew()
    Invoke-BuildTask
    Build-Test
    Remove-Folder $results
    New-Folder $results
    $env:SWARMOPS_MODULE = Join-Path $moduleFolder SwarmOps.psd1

    if ('Unit' -in $suites) {
        Install-UnitTool
        Invoke-XunitSuite 'Unit'
    }
    if ('Help' -in $suites) { Invoke-HelpSuite }
    if ('Shell' -in $suites) { Invoke-ShellSuite }
    if ('Format' -in $suites) { Invoke-FormatSuite }
    # Of a filter's tests it is none.
    if ('Bench' -in $suites -and -not $Filter) { Invoke-BenchSuite }
    Invoke-LabSuites $suites

    Write-Line "All suites took $(Format-Second $total.Elapsed '0') s; results are in $results."
    Write-Line "$($totals.Passed) passed, $($totals.Failed) failed, $($totals.Skipped) skipped"
    if ($totals.Failed -gt 0 -or $totals.Passed -eq 0) {
        # No test at all proves nothing either.
        $outcome.ExitCode = 1
    }
}

function Build-Test {
    $projects = Get-ChildItem (Join-Path $root tests * '*.csproj') | ForEach-Object { [System.IO.Path]::GetRelativePath($root, $_.FullName).Replace('\', '/') }
    $projects = @($projects) + 'bench/limit/Limit.csproj'
    $fingerprint = Get-Fingerprint @('src', 'tests', 'bench/limit', 'SwarmOps.psd1', 'Directory.Build.props', 'Directory.Packages.props', '.editorconfig', 'build/tests.ps1') ''
    if (-not (Test-Stamp 'tests' $fingerprint)) {
        Write-Line 'Building the tests.'
        Build-Project 'tests' $projects
        Set-Stamp 'tests' $fingerprint
    }
}

function Get-TestAssembly([string] $Name) {
    Join-Path $artifacts bin "SwarmOps.Tests.$Name" $flavor "SwarmOps.Tests.$Name.dll"
}

function Get-ReportPath([string] $Name) {
    Join-Path $results "$Name.xml"
}

# Passed, Failed and Skipped of a test program's report. Nothing when it wrote none.
function Read-XunitReport([string] $Name, [string] $Report, [int] $ExitCode) {
    if (-not (Test-Path -LiteralPath $Report)) {
        Add-Failure $Name "the test program ended with exit code $ExitCode and wrote no results."
        return
    }

    $counts = [pscustomobject]@{ Passed = 0; Failed = 0; Skipped = 0 }
    $document = [xml](Get-Content -LiteralPath $Report -Raw)
    foreach ($assembly in $document.SelectNodes('/assemblies/assembly')) {
        $counts.Passed += [int] $assembly.GetAttribute('passed')
        $counts.Failed += [int] $assembly.GetAttribute('failed') + [int] $assembly.GetAttribute('errors')
        $counts.Skipped += [int] $assembly.GetAttribute('skipped')
    }
    Write-Skip @($document.SelectNodes("//test[@result='Skip']/reason") | ForEach-Object InnerText)
    if ($ExitCode -ne 0 -and $counts.Failed -eq 0) {
        # Exit codes without a failed test: a crash at the end, a fixture that could not start, no test at all.
        $counts.Failed = 1
        Write-Line "The test program ended with exit code $ExitCode."
    }
    $counts
}

function Write-Skip([string[]] $Reasons) {
    $Reasons | Where-Object { $_ } | Group-Object | ForEach-Object { Write-Line "    skipped, $($_.Count): $($_.Name)" }
}

# promtool, which checks what Prometheus gets. Where labs run it comes from Debian, and its tests fail without it; elsewhere they are skipped.
function Install-UnitTool {
    if ($IsLinux -and [System.Environment]::UserName -eq 'root' -and -not (Test-Path /usr/bin/promtool)) {
        $obstacle = Get-LabObstacle @('prometheus')
        if ($obstacle) { Write-Line "promtool was not installed: $obstacle" }
    }
}

function Invoke-XunitSuite([string] $Name) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    Write-Line "--- $Name"
    $report = Get-ReportPath $Name
    $arguments = @('exec', (Get-TestAssembly $Name), '-noLogo', '-result-xml', $report)
    if ([Console]::IsOutputRedirected) {
        $arguments += '-noColor'
    }
    if ($Filter) {
        $arguments += '-method', "*$Filter*"
    }
    # Most of these tests wait for an answer: of the EC2 API, or after a delay.
    $arguments += '-maxThreads', [string] (5 * [System.Environment]::ProcessorCount)
    & dotnet @arguments | Out-Default
    $counts = Read-XunitReport $Name $report $LASTEXITCODE
    if ($counts) {
        Add-Result $Name $counts.Passed $counts.Failed $counts.Skipped $watch
    }
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
    if (-not (Test-Program 'shellcheck')) {
        # Where labs run it comes from Debian, as all that they need.
        $obstacle = Get-LabObstacle @('shellcheck')
        if ($obstacle -or -not (Test-Program 'shellcheck')) {
            Add-Failure 'Shell' "shellcheck is not on PATH, and was not installed: $obstacle"
            return
        }
    }
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    Write-Line '--- Shell'
    $passed = $failed = 0
    foreach ($file in Get-InputFile @('build.sh', '.ci', 'src', 'lab', 'examples', 'bench', 'tests', 'tools')) {
        # Programs, not the parts that they source: those make sense only together.
        if ((Get-Content -LiteralPath $file.FullName -TotalCount 1) -notmatch '^#!.*\b(ba|da)?sh\b') {
            continue
        }
        & shellcheck --external-sources --source-path=SCRIPTDIR:SCRIPTDIR/.. $file.FullName | Out-Default
        if ($LASTEXITCODE -eq 0) { $passed++ } else { $failed++ }
    }
    Add-Result 'Shell' $passed $failed 0 $watch
}

$formatted = 'src', 'tests', 'tools', 'bench'

function Invoke-FormatSuite {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    Write-Line '--- Format'
    Invoke-Tool 'csharpier' (@('check') + $formatted)
    $passed = [int] ($LASTEXITCODE -eq 0)
    if (-not $passed) {
        Write-Line "'./build.sh format' formats what is listed above."
    }
    Add-Result 'Format' $passed (1 - $passed) 0 $watch
}

function Invoke-FormatTask {
    Invoke-Tool 'csharpier' (@('format') + $formatted)
    if ($LASTEXITCODE -ne 0) {
        Stop-Build "'csharpier format' failed with exit code $LASTEXITCODE."
    }
}
