# The whole recipe: from an account without instances to one WordPress site in three regions, whose readers do not notice that a region is taken out, and
# back to nothing. Each step is printed before it runs. It uses the lab's EC2 endpoint and registry (./build.sh demo); without -EndpointUrl, and with
# images of a registry that the nodes reach, the same lines run against AWS.
param(
    [Parameter(Mandatory)] [string] $StatusPath,
    [string] $Module = 'SwarmOps',
    [string] $Registry = 'registry.lab:5000',

    # For kernels without ESP.
    [switch] $Unencrypted,

    # A program of Debian's package chromium, and where the picture of the page goes. Without one there is no picture.
    [string] $Chromium = '',
    [string] $ScreenshotPath = 'wordpress.png',

    # Keeps the cluster at the end.
    [switch] $Keep
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module $Module
. $PSScriptRoot/site.ps1

$status = Get-Content $StatusPath -Raw | ConvertFrom-Json
$aws = @{ EndpointUrl = $status.ec2EndpointUrl; AccessKey = 'demo'; SecretKey = 'demo' }
$key = @{ KeyFilePath = Join-Path (Split-Path (Resolve-Path $StatusPath)) key }
$site = 'edge.example.org'
# The site's author: a password that is made up at the first run, in a file beside the SSH key.
$passwordPath = Join-Path (Split-Path $key.KeyFilePath) author
if (-not (Test-Path $passwordPath)) { [guid]::NewGuid().ToString() | Set-Content $passwordPath -NoNewline }
$author = [pscredential]::new('author', (Get-Content $passwordPath -Raw | ConvertTo-SecureString -AsPlainText))
$plain = @{}
if ($Unencrypted) { $plain.Unencrypted = $true }

# What the readers saw so far, by the log of their service: a line a page, with status, milliseconds, the address that DNS gave, and the newest headline.
function Get-Reading {
    $regions = @{}
    $nodes | ForEach-Object { $regions[$_.PublicAddress] = $_.Region }
    $nodes | Get-SwarmServiceLog -Name reader | Group-Object Region | Sort-Object Name | ForEach-Object {
        $pages = @($_.Group | ForEach-Object { $code, $time, $address, $headline = $_.Message -split ' ', 4; [pscustomobject]@{ IsGood = $code -eq '200'; Time = [int] $time; Region = $regions[$address]; Headline = $headline } })
        [pscustomobject]@{
            Reader     = $_.Name
            Pages      = $pages.Count
            Failed     = @($pages | Where-Object { -not $_.IsGood }).Count
            Slowest    = "$(($pages.Time | Measure-Object -Maximum).Maximum) ms"
            # In the order in which they served: a region more than once if it came back.
            ServedBy   = @($pages.Region | Where-Object { $_ } | ForEach-Object { $last = $null } { if ($_ -ne $last) { $_ }; $last = $_ }) -join ', then '
        }
    }
}

# What each region's own node serves, once it serves the picture: a copy takes a second or two.
function Get-Page([string] $Upload) {
    foreach ($node in $nodes) {
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        while (($file = Invoke-Site $node.PublicAddress $site $Upload).StatusCode -ne 200) {
            if ($clock.Elapsed.TotalSeconds -gt 30) { throw "The upload is not on '$($node.Name)' after 30 s." }
            Start-Sleep -Milliseconds 200
        }
        [pscustomobject]@{ Region = $node.Region; Headlines = @(Get-Headline $node.PublicAddress $site | Select-Object -First 3) -join ', '; Upload = [convert]::ToHexString([System.Security.Cryptography.SHA256]::HashData($file.Content)).Substring(0, 12) }
    }
}

$recipe = [ordered] @{
    'An instance in each of three regions' = {
        $nodes = New-SwarmRegionNode -Cluster demo -Region eu-central-1, us-east-1, us-west-1 -AllowSshFrom $status.adminAddress -PublishPort 80, 443, 53, 53/udp @key @aws
        $nodes
    }
    'One swarm of three managers, and a network over all of them' = {
        $overlay = $nodes | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal @plain
        $overlay
    }
    'The network, proven by packets between every pair' = {
        $overlay | Test-SwarmOverlay -Matrix
    }
    'One database, with a node in each region' = {
        $galera = $overlay | New-GaleraService -Image $Registry/mariadb:10.11 -Tls -Database wordpress -User wordpress -UserPasswordSecret wordpress-db
        $galera.GaleraNodes
    }
    'A folder with a copy on every node' = {
        $overlay | New-SwarmSharedFolder -Name uploads -Path /srv/wordpress/uploads -Owner 33:33 -Image $Registry/syncthing:1.29
    }
    'WordPress on every node, with two secrets; each uses the database node beside it' = {
        Add-SiteCertificate $nodes $site
        $secrets = @{ Source = 'wordpress-db'; Target = 'db-password'; Mode = '0444' }, @{ Source = 'wordpress-tls'; Target = 'tls.pem'; Mode = '0400' }
        $settings = @{ WORDPRESS_DB_HOST = 'galera-{{slice .Service.Name 10}}'; WORDPRESS_TLS = '/run/secrets/tls.pem' }
        $nodes | New-SwarmEdgeService -Name wordpress -Image $Registry/wordpress:6.1 -PublishHost 80, 443 -Network internal -Secret $secrets -Environment $settings -Mount /srv/wordpress/uploads:/var/lib/wordpress/wp-content/uploads -HealthCommand healthy -HealthIntervalSeconds 2
        Install-Site $nodes[0].PublicAddress $site 'One site, three regions' $author
    }
    'DNS that sends each reader to the nearest healthy region' = {
        $map = @{}; foreach ($node in $nodes) { $map[$node.Region] = "$($node.PublicAddress)/32" }
        $nodes | New-SwarmGeoDns -Zone $site -Service wordpress -Image $Registry/gdnsd:3.8 -HealthPath /ready -TtlSeconds 5 -NetworkMap $map
    }
    'In each region a reader who looks the name up and loads the page, again and again' = {
        $nodes | New-SwarmService -Name reader -Mode Global -Image $Registry/wordpress:6.1 -ArgumentList reader, "https://$site/" -Dns $nodes.PublicAddress -DnsOption timeout:1
    }
    'A picture is uploaded in one region, a post is written in each, and every region has all of it' = {
        $upload = Publish-Upload $nodes[0].PublicAddress $site $author swarmops.png image/png (Get-Content $PSScriptRoot/../docs/images/swarmops.png -AsByteStream -Raw)
        foreach ($node in $nodes) { $null = Publish-Post $node.PublicAddress $site $author "Written in $($node.Region)" "<img src='$upload' alt='' />" }
        Get-Page $upload | Format-Table -AutoSize
    }
    'A region is taken out for a change, and put back; what the readers saw' = {
        $null = $nodes | Set-SwarmEdge -Name wordpress -Region us-east-1 -Out
        $null = $nodes | Update-SwarmService -Name wordpress-us-east-1 -Force
        $null = $nodes | Set-SwarmEdge -Name wordpress -Region us-east-1 -In
        Start-Sleep -Seconds 6   # the time to live: now everybody is back
        $reading = Get-Reading
        $reading | Format-Table
    }
    'The page, as a browser shows it' = {
        & $Chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1200,800 --ignore-certificate-errors --host-resolver-rules="MAP $site $($nodes[1].PublicAddress)" --screenshot=$ScreenshotPath https://$site/ 2>&1 | Where-Object { $_ -match 'bytes written' }
    }
    'Back to nothing' = {
        Remove-SwarmRegionNode -Cluster demo @key @aws -Confirm:$false
        "$(@(Get-SwarmRegionNode -Cluster * @aws).Count) nodes are left in the account."
    }
}
if (-not $Chromium) { $recipe.Remove('The page, as a browser shows it') }
if ($Keep) { $recipe.Remove('Back to nothing') }

if ($Unencrypted) {
    "`nThe kernel here has no ESP (IPsec): an encrypted network would be created without an error, and lose every packet. So the network is a plain one here, and the nodes"
    "of the database and the copies of the folder encrypt what they send to each other by themselves, with TLS. On distribution kernels omit -Unencrypted;"
    './build.sh guest proves the encrypted network in a virtual machine with such a kernel.'
}
$width = [System.Math]::Max(160, $Host.UI.RawUI.BufferSize.Width)
$whole = [System.Diagnostics.Stopwatch]::StartNew()
foreach ($step in $recipe.GetEnumerator()) {
    "`n# $($step.Key)"
    $step.Value.ToString().Trim("`r", "`n").TrimEnd() -split "`n" -replace '^ {8}', 'PS> '
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    # In this scope, so that each step sees what those before it made. Tables as wide as they need, also in a log.
    . $step.Value | Out-String -Stream -Width $width
    '{0:0.0} s' -f $clock.Elapsed.TotalSeconds
}
"`nThe whole recipe: {0:0} s." -f $whole.Elapsed.TotalSeconds
if ($reading.Failed | Where-Object { $_ }) { throw 'A reader saw a failed page: the table above says where.' }
if (@($reading).Count -ne 3 -or $reading.Where({ $_.Pages -lt 10 })) { throw 'Not every region had a reader: the table above says which.' }
