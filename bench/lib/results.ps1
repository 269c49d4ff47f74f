# What the benchmarks measure, kept in artifacts/bench/results for report.ps1.

$resultFolder = Join-Path $work results
$null = New-Item -ItemType Directory -Path $resultFolder -Force

# Keeps one part's measurements, a hashtable, with what they were measured on.
function Save-Result([string] $Part, [string] $Engine, [System.Collections.IDictionary] $Data) {
    $about = [ordered] @{ Date = [datetime]::UtcNow.ToString('yyyy-MM-dd HH:mm', [cultureinfo]::InvariantCulture); Commit = Get-Commit; Engine = $Engine; Machine = Get-Machine; RestlessStarts = $restless.Starts }
    $about + $Data | ConvertTo-Json -Depth 10 | Set-Content (Join-Path $resultFolder "$Part.json")
}

# A part's measurements as they were kept; null when there are none.
function Read-Result([string] $Part) {
    $path = Join-Path $resultFolder "$Part.json"
    if (Test-Path $path) { Get-Content $path -Raw | ConvertFrom-Json }
}

function Get-Commit {
    $commit = & git -C $root rev-parse --short HEAD 2>$null
    if ($LASTEXITCODE -ne 0) { return 'unknown' }
    if (& git -C $root status --porcelain -- src 2>$null) { "$commit with changes" } else { "$commit" }
}

function Get-Machine {
    $processor = (Get-Content /proc/cpuinfo | Select-String '^model name\s*:\s*(.+)' | Select-Object -First 1).Matches.Groups[1].Value
    $memory = (Get-Content /proc/meminfo | Select-String '^MemTotal:\s*(\d+)').Matches.Groups[1].Value
    $system = (Get-Content /etc/os-release | Select-String '^PRETTY_NAME="?([^"]+)').Matches.Groups[1].Value
    '{0} x {1}, {2} GB of memory, {3}, Linux {4}, PowerShell {5}, .NET {6}' -f [System.Environment]::ProcessorCount, $processor.Trim(),
        [System.Math]::Round([long] $memory / 1MB), $system, [System.Environment]::OSVersion.Version, $PSVersionTable.PSVersion, [System.Environment]::Version
}
