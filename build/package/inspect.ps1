# Imports SwarmOps by its name from a folder for modules, and prints as JSON what a user finds.
param(
    [Parameter(Mandatory)] [string] $Modules
)
$ErrorActionPreference = 'Stop'
$env:PSModulePath = $Modules + [System.IO.Path]::PathSeparator + $env:PSModulePath
$module = Import-Module SwarmOps -PassThru
[pscustomobject]@{
    ModuleBase  = $module.ModuleBase
    Version     = "$($module.Version)"
    Cmdlets     = @($module.ExportedCmdlets.Keys | Sort-Object)
    WithoutHelp = @($module.ExportedCmdlets.Keys | Where-Object { -not (Get-Help $_).description })
    Topics      = @((Get-Help 'about_SwarmOps*').Name)
} | ConvertTo-Json
