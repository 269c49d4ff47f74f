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
    $name, $script = if ($onEc2) { 'demo', 'examples/demo.ps1' } else { 'demo-hosts', 'examples/demo-inventory.ps1' }
    if ($LabName) {
        $name = $LabName
    }
    if ($onEc2 -and $KeepLab) {
        $Arguments = $Arguments + @{ Keep = $true }
    }
    try {
        # A lab that an earlier demo kept is taken as it is: the pipeline must not mind.
        Invoke-Program $lab @('up', '--name', $name; if ($onEc2) { '--ec2' })
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

# Whether labs can have an EC2 endpoint here; else says why not, and what is done instead.
function Test-LabEc2 {
    & $lab deps --ec2 | Out-Default
    if ($LASTEXITCODE -eq 0) {
        return $true
    }
    Write-Line "No EC2 here (the line above says why; with moto on PATH there is: pip install 'moto[server]'). The demo runs on hosts that are there instead."
    return $false
}
