# What the owner and the authors of a WordPress site do, for wordpress.ps1, wordpress-stack.ps1 and recipe.ps1: the page that sets it up, posts and uploads (XML-RPC, as the apps do).
# Each function speaks to one node, by its address, so that one sees what that node does; browsers get the address from DNS.

# Certificate and key as one PEM, for a start: Update-SwarmSecret -Name wordpress-tls -Path real.pem replaces them, one region at a time.
function New-SelfSignedPem([string] $Name) {
    $key = [System.Security.Cryptography.ECDsa]::Create([System.Security.Cryptography.ECCurve+NamedCurves]::nistP256)
    $request = [System.Security.Cryptography.X509Certificates.CertificateRequest]::new("CN=$Name", $key, 'SHA256')
    $certificate = $request.CreateSelfSigned([datetimeoffset]::UtcNow.AddDays(-1), [datetimeoffset]::UtcNow.AddDays(90))
    $certificate.ExportCertificatePem() + "`n" + $key.ExportPkcs8PrivateKeyPem() + "`n" | ConvertTo-SecureString -AsPlainText
}

# Stores such a one as the secret wordpress-tls, unless the swarm has it.
function Add-SiteCertificate([object[]] $Nodes, [string] $Site) {
    if (-not ($Nodes | Get-SwarmSecret -Name 'wordpress-tl*')) {
        $null = $Nodes | New-SwarmSecret -Name wordpress-tls -Value (New-SelfSignedPem $Site)
    }
}

# A request to the site by one node's address. The certificate is self-signed; a failure has its own status, as a reader sees it.
function Invoke-Site([string] $Address, [string] $Site, [string] $Path = '/', [hashtable] $Request = @{}) {
    Invoke-WebRequest "https://$Address$Path" -Headers @{ Host = $Site } -SkipCertificateCheck -SkipHttpErrorCheck -TimeoutSec 60 -Verbose:$false @Request
}

# Fills in WordPress's first page, unless that has been done.
function Install-Site([string] $Address, [string] $Site, [string] $Title, [pscredential] $Author) {
    $plain = $Author.GetNetworkCredential().Password
    $form = @{
        weblog_title = $Title; user_name = $Author.UserName; admin_email = "owner@$Site"; blog_public = '0'
        admin_password = $plain; admin_password2 = $plain; pw_weak = 'on'; Submit = 'Install WordPress'
    }
    $answer = (Invoke-Site $Address $Site '/wp-admin/install.php?step=2' @{ Method = 'Post'; Body = $form }).Content
    if ($answer -notmatch 'Success!|Already Installed') {
        throw "WordPress could not be installed: $(($answer -replace '(?s)<style.*?</style>|<[^>]+>', ' ' -replace '\s+', ' ').Trim())"
    }
}

# Values as XML-RPC writes them, text escaped; files come as [byte[]].
function ConvertTo-XmlRpc([object] $Value) {
    $inner = if ($Value -is [System.Collections.IDictionary]) {
        "<struct>$(-join ($Value.GetEnumerator() | ForEach-Object { "<member><name>$($_.Key)</name>$(ConvertTo-XmlRpc $_.Value)</member>" }))</struct>"
    }
    elseif ($Value -is [byte[]]) { "<base64>$([convert]::ToBase64String($Value))</base64>" }
    elseif ($Value -is [int]) { "<int>$Value</int>" }
    else { "<string>$([System.Security.SecurityElement]::Escape($Value))</string>" }
    "<value>$inner</value>"
}

function Invoke-Author([string] $Address, [string] $Site, [pscredential] $Author, [string] $Method, [hashtable] $Content) {
    $values = 1, $Author.UserName, $Author.GetNetworkCredential().Password, $Content | ForEach-Object { "<param>$(ConvertTo-XmlRpc $_)</param>" }
    $call = "<?xml version='1.0'?><methodCall><methodName>$Method</methodName><params>$values</params></methodCall>"
    $answer = Invoke-Site $Address $Site '/xmlrpc.php' @{ Method = 'Post'; Body = $call; ContentType = 'text/xml' }
    if ($answer.StatusCode -ne 200 -or $answer.Content -match '<fault>') {
        throw "$Method at $Address failed with $($answer.StatusCode): $($answer.Content -replace '<[^>]+>', ' ' -replace '\s+', ' ')"
    }
    ([xml] $answer.Content).methodResponse.params.param.value
}

# Publishes a post through one node; gives its number.
function Publish-Post([string] $Address, [string] $Site, [pscredential] $Author, [string] $Title, [string] $Text = '') {
    (Invoke-Author $Address $Site $Author wp.newPost @{ post_title = $Title; post_content = $Text; post_status = 'publish' }).string
}

# Uploads a file through one node; gives its path on the site.
function Publish-Upload([string] $Address, [string] $Site, [pscredential] $Author, [string] $Name, [string] $Type, [byte[]] $Bytes) {
    $members = (Invoke-Author $Address $Site $Author wp.uploadFile @{ name = $Name; type = $Type; bits = $Bytes }).struct.member
    ([uri] ($members | Where-Object name -EQ url).value.string).AbsolutePath
}

# The headlines of the front page, newest first, as one node serves it.
function Get-Headline([string] $Address, [string] $Site) {
    $page = Invoke-Site $Address $Site
    if ($page.StatusCode -ne 200) { throw "The page at $Address has the status $($page.StatusCode)." }
    [regex]::Matches($page.Content, '(?s)<h\d[^>]*wp-block-post-title[^>]*>\s*<a[^>]*>(.*?)</a>') | ForEach-Object { [System.Net.WebUtility]::HtmlDecode($_.Groups[1].Value) }
}
