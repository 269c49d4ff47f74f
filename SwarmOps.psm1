# The cmdlets and their packages live in a load context of their own, so that another Docker.DotNet, SSH.NET or AWSSDK.Core in the session cannot matter.
$cmdlets = [SwarmOps.ModuleLoadContext]::LoadCmdlets([System.IO.Path]::Combine($PSScriptRoot, 'bin', 'isolated'))

# Compiled: what a script does for the first time takes longer here than all the rest.
[SwarmOps.ModuleLoadContext]::Export((Microsoft.PowerShell.Core\Import-Module -Assembly $cmdlets -PassThru -DisableNameChecking), $ExecutionContext.SessionState.Module)
