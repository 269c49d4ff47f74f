# The cmdlets and their packages live in a load context of their own, so that another Docker.DotNet, SSH.NET or AWSSDK.Core in the session cannot matter.
$cmdlets = [SwarmOps.ModuleLoadContext]::LoadCmdlets([System.IO.Path]::Combine($PSScriptRoot, 'bin', 'isolated'))
$inner = Microsoft.PowerShell.Core\Import-Module -Assembly $cmdlets -PassThru -DisableNameChecking

# A second import finds the inner module cached and does not add its cmdlets to this one: do it by hand, always.
$addExportedCmdlet = [System.Management.Automation.PSModuleInfo].GetMethod('AddExportedCmdlet', [System.Reflection.BindingFlags]'Instance, NonPublic')
foreach ($cmdlet in $inner.ExportedCmdlets.Values) {
    $null = $addExportedCmdlet.Invoke($ExecutionContext.SessionState.Module, @(, $cmdlet))
}
