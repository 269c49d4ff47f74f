# The programs that the build runs: the .NET SDK, the tools that .config/dotnet-tools.json pins, and PowerShell itself for what wants a process of its own.

function Confirm-Sdk {
    if (-not (Test-Program 'dotnet')) {
        Stop-Build 'The .NET SDK 10 is needed: install it so that dotnet is on PATH (https://dotnet.microsoft.com/download).'
    }
}

# Runs a pinned tool. What is there already is not restored: without a network that would only take time.
function Invoke-Tool([string] $Command, [string[]] $Arguments) {
    Confirm-Sdk
    Push-Location $root
    try {
        $null = & dotnet tool run $Command --version 2>&1
        if ($LASTEXITCODE -ne 0) {
            Invoke-Program 'dotnet' @('tool', 'restore', '--verbosity', 'quiet')
        }
        & dotnet tool run $Command @Arguments | Out-Default
    }
    finally {
        Pop-Location
    }
}

# The PowerShell that runs this script as one program, whose process is PowerShell itself: signals reach it. Children find it in SWARMOPS_PWSH.
function Get-PowerShell {
    $program = [System.Environment]::ProcessPath
    if ((Split-Path -LeafBase $program) -ne 'dotnet') {
        return $program
    }
    if ($IsWindows) {
        return Join-Path $PSHOME pwsh.exe
    }
    $launcher = Join-Path $artifacts tools pwsh
    $text = "#!/bin/sh`nexec '$program' exec '$(Join-Path $PSHOME pwsh.dll)' `"`$@`"`n"
    if (-not (Test-Path $launcher) -or (Get-Content $launcher -Raw) -ne $text) {
        # By rename: another build may run the old one.
        $partial = "$launcher.$PID"
        Write-Text $partial $text
        [System.IO.File]::SetUnixFileMode($partial, [System.IO.UnixFileMode] 'UserRead, UserWrite, UserExecute, GroupRead, GroupExecute, OtherRead, OtherExecute')
        Move-Item -LiteralPath $partial -Destination $launcher -Force
    }
    $launcher
}
