# A PowerShell that does nothing, or loads the module and does nothing; prints its memory. For session.ps1.
param([string] $Module)

if ($Module) { Import-Module $Module }
$process = [System.Diagnostics.Process]::GetCurrentProcess()
[ordered] @{ WorkingSetMB = $process.WorkingSet64 / 1MB; PeakMB = $process.PeakWorkingSet64 / 1MB } | ConvertTo-Json -Compress
