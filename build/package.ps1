# The task package.

function Invoke-PackageTask {
    Invoke-BuildTask -RequireHelp
    $folder = [System.IO.Path]::Combine($artifacts, 'package')
    $zip = [System.IO.Path]::Combine($folder, "SwarmOps.$version.zip")
    Remove-Folder $folder
    $null = [System.IO.Directory]::CreateDirectory($folder)
    [System.IO.Compression.ZipFile]::CreateFromDirectory($modulesFolder, $zip, 'SmallestSize', $false)

    $megabytes = [System.IO.FileInfo]::new($zip).Length / 1MB
    if ($megabytes -gt 20) {
        Stop-Build "$zip has $($megabytes.ToString('0.0')) MB; 20 MB is the limit."
    }
    Test-Package $zip
    Write-Line "$zip ($($megabytes.ToString('0.0', [cultureinfo]::InvariantCulture)) MB)"
}

# Unpacks the zip in another place and imports it in a process of its own: every cmdlet that the manifest names must be there, with its help.
function Test-Package([string] $Zip) {
    $elsewhere = [System.IO.Directory]::CreateTempSubdirectory('swarmops-package-').FullName
    try {
        [System.IO.Compression.ZipFile]::ExtractToDirectory($Zip, $elsewhere)
        $env:SWARMOPS_PACKAGE_MANIFEST = [System.IO.Path]::Combine($elsewhere, 'SwarmOps', $version, 'SwarmOps.psd1')
        $command = @'
$ErrorActionPreference = 'Stop'
$module = Import-Module $env:SWARMOPS_PACKAGE_MANIFEST -PassThru
foreach ($name in $module.ExportedCmdlets.Keys) { if (-not (Get-Help $name).description) { throw "$name has no help." } }
[string]::Join(' ', $module.ExportedCmdlets.Keys)
'@
        $exported = & $pwsh -NoProfile -NonInteractive -Command $command
        if ($LASTEXITCODE -ne 0) {
            Stop-Build 'The package cannot be imported from another place.'
        }
        $promised = [regex]::Match($manifestText, 'CmdletsToExport\s*=\s*@\(([^)]*)\)').Groups[1].Value
        foreach ($name in [regex]::Matches($promised, "'([^']+)'").ForEach({ $_.Groups[1].Value })) {
            if ($name -notin "$exported".Split(' ')) {
                Stop-Build "The manifest promises $name, but the package does not export it."
            }
        }
    }
    finally {
        Remove-Folder $elsewhere
    }
}
