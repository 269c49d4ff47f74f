# What the benchmarks have in common; dot-sourced by them.

function Get-Median([double[]] $Values) {
    $sorted = [double[]] $Values.Clone()
    [array]::Sort($sorted)
    $sorted[[int] [System.Math]::Floor(($sorted.Count - 1) / 2)]
}

# The hosts of a lab as nodes; the module is loaded.
function Get-LabNode([System.Text.Json.JsonElement] $Status) {
    foreach ($labHost in $Status.GetProperty('hosts').EnumerateArray()) {
        [pscustomobject]@{
            Name               = $labHost.GetProperty('name').GetString()
            Region             = $labHost.GetProperty('region').GetString()
            PublicAddress      = $labHost.GetProperty('publicAddress').GetString()
            PrivateAddress     = $labHost.GetProperty('privateAddress').GetString()
            User               = $labHost.GetProperty('user').GetString()
            KeyFilePath        = $labHost.GetProperty('keyFile').GetString()
            HostKeyFingerprint = $labHost.GetProperty('hostKeyFingerprint').GetString()
        } | New-SwarmNode
    }
}

# Engine calls and commands on all nodes, as -Verbose tells them.
function Read-EngineCall([object[]] $Lines) {
    $calls = 0
    $commands = 0
    foreach ($line in $Lines | ForEach-Object { "$_" }) {
        if ($line -match ': (\d+) engine calls?, (\d+) commands?$') { $calls += [int] $Matches[1]; $commands += [int] $Matches[2] }
    }
    [pscustomobject]@{ Calls = $calls; Commands = $commands }
}
