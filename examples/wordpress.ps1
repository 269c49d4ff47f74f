# A web tier close to its readers: nginx, php-fpm and WordPress on every node of three continents, with ports 80 and 443 of the hosts, and one
# database. Runs on the lab, with images that the lab makes from Debian's packages:
#   lab/lab up; lab/lab image load all wordpress; lab/lab image load all mariadb; lab/lab status --json > lab.json
param(
    # What `lab/lab status --json` writes, or any JSON of the same form.
    [Parameter(Mandatory)] [string] $StatusPath,
    [string] $Module = 'SwarmOps',
    [string] $Image = 'lab/wordpress:6.1',
    [string] $DatabaseImage = 'lab/mariadb:10.11',
    # For kernels without ESP, such as that of a container: what is said between the regions then crosses the wire in the clear.
    [switch] $Unencrypted
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module $Module

. $PSScriptRoot/../lab/nodes.ps1
$nodes = Get-LabNode $StatusPath
$null = $nodes | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal -Unencrypted:$Unencrypted

# Two secrets. PHP's workers are another user than the one that starts the container, so the password is for all in it (0444); key and
# certificate are read by nginx before it gives its rights away, so for root alone (0400).
$null = $nodes | New-SwarmSecret -Name wordpress-db -Generate
if (-not ($nodes | Get-SwarmSecret -Name 'wordpress-tl*')) {
    # A certificate for a first try; Update-SwarmSecret -Name wordpress-tls -Path real.pem puts a real one in its place, region by region.
    $key = [System.Security.Cryptography.ECDsa]::Create([System.Security.Cryptography.ECCurve+NamedCurves]::nistP256)
    $request = [System.Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=wordpress.example', $key, 'SHA256')
    $certificate = $request.CreateSelfSigned([datetimeoffset]::UtcNow.AddDays(-1), [datetimeoffset]::UtcNow.AddDays(90))
    $pem = $certificate.ExportCertificatePem() + "`n" + $key.ExportPkcs8PrivateKeyPem() + "`n"
    $null = $nodes | New-SwarmSecret -Name wordpress-tls -Value (ConvertTo-SecureString $pem -AsPlainText)
}

$database = @{
    Name                     = 'wordpress-db'
    Image                    = $DatabaseImage
    NoResolveImage           = $true
    EndpointMode             = 'Dnsrr'
    Network                  = 'internal'
    Constraint               = "node.labels.region==$($nodes[0].Region)"
    Mount                    = '/srv/mysql:/var/lib/mysql'
    CreateMountPath          = $true
    Secret                   = @{ Source = 'wordpress-db'; Target = 'password'; Mode = '0444' }
    Environment              = @{ MARIADB_ROOT_PASSWORD_FILE = '/run/secrets/password'; MARIADB_DATABASE = 'wordpress'; MARIADB_USER = 'wordpress'; MARIADB_PASSWORD_FILE = '/run/secrets/password' }
    HealthCommand            = 'mariadb -uroot -p"$(cat /run/secrets/password)" -e "DO 0"'
    HealthIntervalSeconds    = 2
    HealthStartPeriodSeconds = 60
}
$nodes | New-SwarmService @database

$web = @{
    Name                     = 'wordpress'
    Image                    = $Image
    NoResolveImage           = $true
    PublishHost              = '80', '443'
    Network                  = 'internal'
    Mount                    = '/srv/wordpress/uploads:/var/lib/wordpress/wp-content/uploads', '/srv/wordpress/log:/var/log/nginx'
    Secret                   = @{ Source = 'wordpress-db'; Target = 'db-password'; Mode = '0444' }, @{ Source = 'wordpress-tls'; Target = 'tls.pem'; Mode = '0400' }
    Environment              = @{ WORDPRESS_DB_HOST = 'wordpress-db'; WORDPRESS_TLS = '/run/secrets/tls.pem' }
    HealthCommand            = 'healthy'
    HealthIntervalSeconds    = 2
    HealthStartPeriodSeconds = 30
}
$nodes | New-SwarmEdgeService @web
