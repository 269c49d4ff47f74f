# The tasks demo and bench.

# Makes 'Import-Module SwarmOps' find what was just built, in this process and in its children.
function Add-ModulePath {
    $env:PSModulePath = $modulesFolder + [System.IO.Path]::PathSeparator + $env:PSModulePath
    $env:SWARMOPS_MODULE = [System.IO.Path]::Combine($moduleFolder, 'SwarmOps.psd1')
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
    if ($onEc2 -and $KeepLab) {
        $Arguments = $Arguments + @{ Keep = $true }
    }
    try {
        # A lab that an earlier demo kept is taken as it is: the pipeline must not mind.
        & $lab up --name $name @(if ($onEc2) { '--ec2' })
        if ($LASTEXITCODE -ne 0) {
            Stop-Build "'lab/lab up' failed with exit code $LASTEXITCODE."
        }
        $status = [System.IO.Path]::Combine($artifacts, 'demo', 'lab.json')
        $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($status))
        $json = & $lab status --name $name --json
        if ($LASTEXITCODE -ne 0) {
            Stop-Build "'lab/lab status' failed with exit code $LASTEXITCODE."
        }
        [System.IO.File]::WriteAllText($status, [string]::Join("`n", $json))

        # Not piped to Out-Default here: the host's own shows what there was when the script fails, and the position in it.
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

function Invoke-BenchTask([hashtable] $Arguments) {
    Invoke-BuildTask
    Add-ModulePath
    $bench = Get-RepositoryPath 'bench'
    $scripts = if ([System.IO.Directory]::Exists($bench)) { [System.IO.Directory]::GetFiles($bench, '*.ps1') }
    if (-not $scripts) {
        Stop-Build "There is no benchmark in $bench."
    }
    [array]::Sort($scripts, [System.StringComparer]::Ordinal)
    if ($Arguments.ContainsKey('Script')) {
        $only = $Arguments.Script
        $Arguments.Remove('Script')
        $scripts = @($scripts | Where-Object { [System.IO.Path]::GetFileNameWithoutExtension($_) -eq $only })
        if ($scripts.Count -eq 0) {
            Stop-Build "There is no benchmark '$only' in $bench."
        }
    }
    foreach ($script in $scripts) {
        Write-Line "--- $([System.IO.Path]::GetFileName($script))"
        & $script @Arguments
    }
}
