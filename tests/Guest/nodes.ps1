# For the scripts next to this one: the hosts of a lab as nodes.
function Get-LabNode([string] $StatusPath) {
    $status = [System.Text.Json.JsonDocument]::Parse([System.IO.File]::ReadAllText($StatusPath)).RootElement
    foreach ($labHost in $status.GetProperty('hosts').EnumerateArray()) {
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
