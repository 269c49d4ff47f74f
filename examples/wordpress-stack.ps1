# The site of wordpress.ps1 from one Compose file, stack/wordpress.yaml: database, uploads, web servers and DNS. Runs on the lab, with images that the lab builds:
#   lab/lab up; lab/lab image push mariadb syncthing wordpress gdnsd; lab/lab status --json > lab.json
param(
    # The output of `lab/lab status --json`, or any JSON in the same format.
    [Parameter(Mandatory)] [string] $StatusPath,
    [string] $Module = 'SwarmOps',

    # The name of the site, which is a zone of its own: the parent zone delegates it to the name servers (docs/geodns.md).
    [string] $Site = 'edge.example.org',

    # Sets the site up, with this account. Without it WordPress asks the first visitor.
    [pscredential] $Author,

    # Where the images come from.
    [string] $Registry = 'registry.lab:5000',

    # For kernels without ESP, such as a container's: then Galera and the copies of the folder encrypt their traffic between the regions by themselves, with TLS.
    [switch] $Unencrypted
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module $Module

. $PSScriptRoot/../lab/nodes.ps1
. $PSScriptRoot/site.ps1
$nodes = Get-LabNode $StatusPath
$null = $nodes | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal -Unencrypted:$Unencrypted
Add-SiteCertificate $nodes $Site

# Readers are located by their networks; here the hosts themselves are the readers.
$variables = @{ SITE = $Site; REGISTRY = $Registry }
$nodes | Group-Object Region | ForEach-Object { $variables["READERS_$($_.Name.ToUpperInvariant().Replace('-', '_'))"] = "$($_.Group[0].PublicAddress)/32" }
$file = Join-Path $PSScriptRoot stack wordpress.yaml
$nodes | Compare-SwarmStack -Path $file -Variable $variables | ForEach-Object { "$_ $($_.Details -join '; ')" }
$nodes | Publish-SwarmStack -Path $file -Variable $variables
if ($Author) {
    Install-Site $nodes[0].PublicAddress $Site 'One site, three regions' $Author
}
