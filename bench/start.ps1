# What an import of the module costs over an empty pwsh, in seconds and memory, and the size of the package. They take turns: what slows the machine down for a while slows both.
param(
    [int] $Rounds = 7
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/lib/common.ps1

$empty = [System.Collections.Generic.List[object]]::new()
$loaded = [System.Collections.Generic.List[object]]::new()
for ($round = 0; $round -le $Rounds; $round++) {
    foreach ($kind in 'empty', 'loaded') {
        $arguments = @('-NoProfile', '-NonInteractive', '-File', (Join-Path $PSScriptRoot lib empty.ps1); if ($kind -eq 'loaded') { '-Module', $env:SWARMOPS_MODULE })
        $run = Measure-Program $env:SWARMOPS_PWSH $arguments
        # The first of each reads its files from disk.
        if ($round -gt 0) {
            (Get-Variable $kind -ValueOnly).Add(($run.LastLine | ConvertFrom-Json | Add-Member Seconds $run.Seconds -PassThru))
        }
    }
}

# As the gallery gets it.
$zip = Join-Path $work package.zip
Remove-Item $zip -ErrorAction Ignore
[System.IO.Compression.ZipFile]::CreateFromDirectory((Split-Path $env:SWARMOPS_MODULE), $zip)
$figures = [ordered] @{
    PackageMB = (Get-Item $zip).Length / 1MB
    Rounds = $Rounds
    EmptySeconds = Get-Median $empty.Seconds; LoadedSeconds = Get-Median $loaded.Seconds
    EmptyMB = Get-Median $empty.WorkingSetMB; EmptyPeakMB = Get-Median $empty.PeakMB; LoadedMB = Get-Median $loaded.WorkingSetMB
}
Remove-Item $zip
Save-Result 'start' '' $figures

'pwsh alone {0} s and {1} MB, with the module {2} s and {3} MB: medians of {4}' -f (Format-Number $figures.EmptySeconds 2), (Format-Number $figures.EmptyMB 0), (Format-Number $figures.LoadedSeconds 2), (Format-Number $figures.LoadedMB 0), $Rounds
