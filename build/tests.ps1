# The task test, and the suites that need no lab.

$allSuites = 'Host', 'Unit', 'Help', 'Shell', 'LabSelf', 'Lab', 'Walk', 'Pester'
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

    $env:SWARMOPS_HOST_EXE = [System.IO.Path]::Combine($artifacts, 'bin', 'SwarmOps.Host', $(if ($inEmbeddedHost) { 'release' } else { $flavor }), 'SwarmOps.Host')
    $env:SWARMOPS_MODULE = [System.IO.Path]::Combine($moduleFolder, 'SwarmOps.psd1')

    if ('Host' -in $suites) { Invoke-XunitSuite 'Host' }
    if ('Unit' -in $suites) { Invoke-XunitSuite 'Unit' }
    if ('Help' -in $suites) { Invoke-HelpSuite }
    if ('Shell' -in $suites) { Invoke-ShellSuite }
    Invoke-LabSuites $suites

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
    $fingerprint = Get-Fingerprint @('src', 'tests', 'SwarmOps.psd1', 'Directory.Build.props', 'Directory.Packages.props', '.editorconfig', 'build/tests.ps1') "$inEmbeddedHost"
    if (-not (Test-Stamp 'tests' $fingerprint)) {
        Write-Line 'Building the tests.'
        Build-Project 'tests' $projects
        Set-Stamp 'tests' $fingerprint
    }
}

function Get-TestAssembly([string] $Name) {
    [System.IO.Path]::Combine($artifacts, 'bin', "SwarmOps.Tests.$Name", $flavor, "SwarmOps.Tests.$Name.dll")
}

function Get-ReportPath([string] $Name) {
    [System.IO.Path]::Combine($results, "$Name.xml")
}

# Runs a test program and reads its results.
function Invoke-XunitProgram([string] $Name, [string] $Report, [string[]] $Methods) {
    $arguments = @('exec', (Get-TestAssembly $Name), '-noLogo', '-result-xml', $Report)
    if ([Console]::IsOutputRedirected -or $inEmbeddedHost) {
        $arguments += '-noColor'
    }
    foreach ($method in $Methods) {
        $arguments += '-method', $method
    }
    & dotnet @arguments | Out-Default
    Read-XunitReport $Name $Report $LASTEXITCODE
}

# Passed, Failed, Skipped, and the methods that failed. Nothing when the program wrote no results.
function Read-XunitReport([string] $Name, [string] $Report, [int] $ExitCode) {
    if (-not [System.IO.File]::Exists($Report)) {
        Add-Failure $Name "the test program ended with exit code $ExitCode and wrote no results."
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
    $reasons = @{}
    foreach ($node in $document.SelectNodes("//test[@result='Skip']/reason")) {
        $reasons[$node.InnerText]++
    }
    foreach ($reason in $reasons.Keys) {
        Write-Line "    skipped, $($reasons[$reason]): $reason"
    }
    if ($ExitCode -ne 0 -and $outcome.Failed -eq 0) {
        # Exit codes without a failed test: a crash at the end, a fixture that could not start, no test at all.
        $outcome.Failed = 1
        Write-Line "The test program ended with exit code $ExitCode."
    }
    $outcome
}

function Invoke-XunitSuite([string] $Name) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    Write-Line "--- $Name"
    $outcome = Invoke-XunitProgram $Name (Get-ReportPath $Name) @(if ($Filter) { "*$Filter*" })
    if ($outcome) {
        Add-Result $Name $outcome.Passed $outcome.Failed $outcome.Skipped $watch
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
    if (-not (Test-Program 'shellcheck') -and (Get-LabObstacle @('shellcheck'))) {
        Write-NotRun 'Shell' "shellcheck is not on PATH (Debian package 'shellcheck')."
        return
    }
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    Write-Line '--- Shell'
    $passed = $failed = 0
    foreach ($file in Get-InputFile @('build.sh', '.ci', 'src', 'lab', 'examples', 'bench', 'tests', 'tools')) {
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
