# One start of PowerShell for import.ps1: nothing, an import, or an import and a first cmdlet. Prints milliseconds of the import and of the cmdlet, and the process's memory in MB:
# working set, its peak, and what is its own (not mapped from files).
param(
    [ValidateSet('Empty', 'Import', 'Describe', 'Ask')] [string] $Step = 'Empty',
    [string] $Module,
    [string] $DockerHost
)

$ErrorActionPreference = 'Stop'
$clock = [System.Diagnostics.Stopwatch]::StartNew()
if ($Step -ne 'Empty') {
    Import-Module $Module
}
$import = $clock.Elapsed.TotalMilliseconds

$clock.Restart()
if ($Step -in 'Describe', 'Ask') {
    $node = New-SwarmNode -Name local -DockerHost $(if ($Step -eq 'Ask') { $DockerHost } else { 'ssh://root@192.0.2.1' })
}
if ($Step -eq 'Ask') {
    $null = Get-SwarmNode $node
}
$cmdlet = $clock.Elapsed.TotalMilliseconds

$process = [System.Diagnostics.Process]::GetCurrentProcess()
$own = if ($IsLinux) {
    [double] ([System.IO.File]::ReadAllLines('/proc/self/status').Where({ $_.StartsWith('RssAnon:') })[0] -replace '\D') / 1024
}
else {
    $process.PrivateMemorySize64 / 1MB
}
$figures = $import, $cmdlet, ($process.WorkingSet64 / 1MB), ($process.PeakWorkingSet64 / 1MB), $own
($figures | ForEach-Object { $_.ToString('0.0', [cultureinfo]::InvariantCulture) }) -join ' '
