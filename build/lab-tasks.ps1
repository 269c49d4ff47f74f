# The task demo.

# Makes 'Import-Module SwarmOps' find what was just built, in this process and in its children.
function Add-ModulePath {
    $env:PSModulePath = $modulesFolder + [System.IO.Path]::PathSeparator + $env:PSModulePath
    $env:SWARMOPS_MODULE = Join-Path $moduleFolder SwarmOps.psd1
}

function Invoke-DemoTask([hashtable] $Arguments) {
    Invoke-BuildTask
    $obstacle = Get-LabObstacle
    if ($obstacle) {
        Stop-Build "The demo cannot run: $obstacle"
    }
    Add-ModulePath
    $onEc2 = -not $Inventory -and (Test-LabEc2)
    $isWhole = $onEc2 -and -not $Short
    $name, $script = if ($isWhole) { 'demo', 'examples/recipe.ps1' } elseif ($onEc2) { 'demo', 'examples/demo.ps1' } else { 'demo-hosts', 'examples/demo-inventory.ps1' }
    if ($LabName) {
        $name = $LabName
    }
    if ($onEc2 -and $KeepLab) {
        $Arguments = $Arguments + @{ Keep = $true }
    }
    if ($isWhole) {
        Get-RecipeArgument | ForEach-Object { $Arguments = $Arguments + $_ }
    }
    try {
        # A lab that an earlier demo kept is taken as it is: the pipeline must not mind.
        Invoke-Program $lab @('up', '--name', $name; if ($onEc2) { '--ec2' })
        if ($isWhole) {
            Invoke-Program $lab @('image', 'push', '--name', $name, 'mariadb', 'syncthing', 'wordpress', 'gdnsd')
        }
        $status = Join-Path $artifacts demo "$name.json"
        $json = & $lab status --name $name --json
        if ($LASTEXITCODE -ne 0) {
            Stop-Build "'lab/lab status' failed with exit code $LASTEXITCODE."
        }
        Write-Text $status $json
        & (Get-RepositoryPath $script) -StatusPath $status -Module $env:SWARMOPS_MODULE @Arguments
    }
    finally {
        if ($KeepLab) {
            "The lab stays up. Look around with 'lab/lab status --name $name'; take it down with 'lab/lab down --name $name'."
        }
        else {
            & $lab down --name $name
        }
    }
}

# What this machine lacks or has for the whole recipe: ESP, and a browser.
function Get-RecipeArgument {
    @{ Unencrypted = -not (Test-Esp) }
    & $lab deps chromium fonts-dejavu-core | Out-Default
    if ($LASTEXITCODE -eq 0) {
        @{ Chromium = '/usr/bin/chromium'; ScreenshotPath = Join-Path $artifacts demo wordpress.png }
    }
    else {
        Write-Line 'Chromium could not be installed (the line above says why): the demo goes without its picture of the page.'
    }
}

# Whether the kernel does what an encrypted network needs: the hosts of the lab have no other. Some kernels take the call and know no algorithm.
function Test-Esp {
    $null = & unshare --net ip xfrm state add src 127.0.0.1 dst 127.0.0.2 proto esp spi 0x1000 mode transport aead 'rfc4106(gcm(aes))' 0x0102030405060708090a0b0c0d0e0f1011121314 64 2>&1
    $LASTEXITCODE -eq 0
}

# Whether labs can have an EC2 endpoint here; else says why not, and what is done instead.
function Test-LabEc2 {
    & $lab deps --ec2 | Out-Default
    if ($LASTEXITCODE -eq 0) {
        return $true
    }
    Write-Line "No EC2 here (the line above says why; with moto on PATH there is: pip install 'moto[server]'). The demo runs on hosts that are there instead."
    return $false
}
