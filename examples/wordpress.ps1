# A web tier close to its users: nginx, php-fpm and WordPress on every node of three regions, published on ports 80 and 443 of the hosts, and one
# database. Runs on the lab, with images that the lab builds from Debian's packages:
#   lab/lab up; lab/lab image load all wordpress; lab/lab image load all mariadb; lab/lab status --json > lab.json
param(
    # The output of `lab/lab status --json`, or any JSON in the same format.
    [Parameter(Mandatory)] [string] $StatusPath,
    [string] $Module = 'SwarmOps',
    [string] $Image = 'lab/wordpress:6.1',
    [string] $DatabaseImage = 'lab/mariadb:10.11',
    # For kernels without ESP, such as a container's: traffic between the regions is then not encrypted.
    [switch] $Unencrypted
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module $Module

. $PSScriptRoot/../lab/nodes.ps1
$nodes = Get-LabNode $StatusPath
$null = $nodes | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal -Unencrypted:$Unencrypted

# Two secrets. PHP's workers run as a different user than the one that starts the container, so every user in it may read the password (0444).
# nginx reads key and certificate before it drops its privileges, so only root may read them (0400).
$null = $nodes | New-SwarmSecret -Name wordpress-db -Generate
if (-not ($nodes | Get-SwarmSecret -Name 'wordpress-tl*')) {
    # A self-signed certificate to start with; Update-SwarmSecret -Name wordpress-tls -Path real.pem replaces it, one region at a time.
    $key = [System.Security.Cryptography.ECDsa]::Create([System.Security.Cryptography.ECCurve+NamedCurves]::nistP256)
    $request = [System.Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=wordpress.example', $key, 'SHA256')
    $certificate = $request.CreateSelfSigned([datetimeoffset]::UtcNow.AddDays(-1), [datetimeoffset]::UtcNow.AddDays(90))
    $value = $certificate.ExportCertificatePem() + "`n" + $key.ExportPkcs8PrivateKeyPem() + "`n" | ConvertTo-SecureString -AsPlainText
    $null = $nodes | New-SwarmSecret -Name wordpress-tls -Value $value
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
