# For scripts that work on a lab: its hosts as nodes. The module is loaded.

# Takes the file that `lab/lab status --json` writes; -LocalSocket goes to the engines by their sockets on this machine, not over SSH.
function Get-LabNode([string] $StatusPath, [switch] $LocalSocket) {
    $ways = if ($LocalSocket) {
        @{ Name = 'DockerHost'; Expression = { "unix://$($_.dockerSocket)" } }
    }
    else {
        'User', 'HostKeyFingerprint'
        @{ Name = 'Port'; Expression = 'sshPort' }
        @{ Name = 'KeyFilePath'; Expression = 'keyFile' }
    }
    (Get-Content -LiteralPath $StatusPath -Raw | ConvertFrom-Json).hosts |
        Select-Object (@('Name', 'Region', 'PublicAddress', 'PrivateAddress') + $ways) | New-SwarmNode
}
