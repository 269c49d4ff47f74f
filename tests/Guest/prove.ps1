# In the guest of `lab/lab vm`, where encrypted packets can arrive: Test-SwarmOverlay must name the cause that lab/vm-proof has made.
param(
    [Parameter(Mandatory)] [string] $StatusPath,
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Name,
    [Parameter(Mandatory)] [string] $Cause,

    # Only the ways to and from this host have the cause, the others none. Empty: all have it.
    [string] $Only = ''
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module $Module
# Of the lab; build/nightly.ps1 lays it beside.
. $PSScriptRoot/nodes.ps1
$nodes = Get-LabNode $StatusPath

$paths = @($nodes | Test-SwarmOverlay -Name $Name -ConnectionTimeoutSeconds 300)
$paths | ForEach-Object { "$_ $($_.Cause): $($_.Detail). $($_.RecommendedAction)" } | Out-Default
$wrong = @($paths | Where-Object {
        $expected = if ($Only -and $Only -notin $_.From, $_.To) { 'None' } else { $Cause }
        $_.Cause.ToString() -ne $expected
    })
if ($paths.Count -ne $nodes.Count * ($nodes.Count - 1) -or $wrong) {
    throw "$($wrong.Count) of $($paths.Count) ways are not judged as $Cause."
}
