# Publishes a module folder to a repository that is a folder. Run in a PowerShell of its own: the repository is registered for its user.
param(
    [Parameter(Mandatory)] [string] $Folder,
    [Parameter(Mandatory)] [string] $Feed
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$repository = "SwarmOps-$PID"
Register-PSResourceRepository -Name $repository -Uri $Feed -Trusted
try {
    Publish-PSResource -Path $Folder -Repository $repository -SkipDependenciesCheck
}
finally {
    Unregister-PSResourceRepository -Name $repository
}
