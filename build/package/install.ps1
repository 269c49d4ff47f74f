# Installs SwarmOps from a repository that is a folder, and prints where. Run in a PowerShell of its own: the repository is registered for its user.
param(
    [Parameter(Mandatory)] [string] $Feed,
    [Parameter(Mandatory)] [string] $Modules
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$repository = "SwarmOps-$PID"
Register-PSResourceRepository -Name $repository -Uri $Feed -Trusted
try {
    $found = Find-PSResource -Name SwarmOps -Repository $repository
    if ($IsWindows) {
        # There the user's folder for modules is a known folder, which no variable moves.
        Save-PSResource -Name SwarmOps -Repository $repository -Path $Modules -IncludeXml
        Join-Path $Modules SwarmOps $found.Version
    }
    else {
        Install-PSResource -Name SwarmOps -Repository $repository -Scope CurrentUser
        (Get-InstalledPSResource -Name SwarmOps -Scope CurrentUser).InstalledLocation | ForEach-Object { Join-Path $_ SwarmOps $found.Version }
    }
}
finally {
    Unregister-PSResourceRepository -Name $repository
}
