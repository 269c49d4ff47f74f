# WordPress close to its readers, on every node of three regions: each has its own web server, its own Galera node and its own copy of the uploads, and DNS
# sends each reader to the nearest healthy one. Runs on the lab, with images that the lab builds from Debian's packages:
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
$overlay = $nodes | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal -Unencrypted:$Unencrypted

# A database node in each region, written to in all of them. The account's password is a secret that is generated here and never shown.
$overlay | New-GaleraService -Name galera -Image $Registry/mariadb:10.11 -Database wordpress -User wordpress -UserPasswordSecret wordpress-db

# Uploads: a copy on every node, owned by www-data of the image.
$overlay | New-SwarmSharedFolder -Name uploads -Path /srv/wordpress/uploads -Owner 33:33 -Image $Registry/syncthing:1.29

# Two secrets. PHP's workers run as a different user than the one that starts the container, so every user in it may read the password (0444).
# nginx reads key and certificate before it drops its privileges, so only root may read them (0400).
Add-SiteCertificate $nodes $Site
$web = @{
    Name                     = 'wordpress'
    Image                    = "$Registry/wordpress:6.1"
    PublishHost              = '80', '443'
    Network                  = 'internal'
    Mount                    = '/srv/wordpress/uploads:/var/lib/wordpress/wp-content/uploads', '/srv/wordpress/log:/var/log/nginx'
    Secret                   = @{ Source = 'wordpress-db'; Target = 'db-password'; Mode = '0444' }, @{ Source = 'wordpress-tls'; Target = 'tls.pem'; Mode = '0400' }
    # Each region's service has its region in its name, wordpress-<region>; what follows the tenth character makes the name of the database node beside it.
    Environment              = @{ WORDPRESS_DB_HOST = 'galera-{{slice .Service.Name 10}}'; WORDPRESS_TLS = '/run/secrets/tls.pem' }
    HealthCommand            = 'healthy'
    HealthIntervalSeconds    = 2
    HealthStartPeriodSeconds = 30
}
$nodes | New-SwarmEdgeService @web
if ($Author) {
    Install-Site $nodes[0].PublicAddress $Site 'One site, three regions' $Author
}

# Readers are located by their networks; here the hosts themselves are the readers. With a database: -GeoDatabasePath.
$map = @{}
$nodes | Group-Object Region | ForEach-Object { $map[$_.Name] = @($_.Group | ForEach-Object { "$($_.PublicAddress)/32" }) }
$dns = @{ Zone = $Site; Service = 'wordpress'; Image = "$Registry/gdnsd:3.8"; HealthPath = '/ready'; NetworkMap = $map }
$nodes | New-SwarmGeoDns @dns
