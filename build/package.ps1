# The task package.

. (Join-Path $PSScriptRoot 'package' 'content.ps1')
. (Join-Path $PSScriptRoot 'package' 'proof.ps1')

# Makes the folder, the zip and the nupkg in artifacts/package, and installs and imports each as a user would.
function Invoke-PackageTask {
    Invoke-BuildTask -RequireHelp
    $output = Join-Path $artifacts 'package'
    Remove-Folder $output
    $folder = New-PackageFolder (Join-Path $output 'SwarmOps' $version)
    $zip = New-PackageZip $folder (Join-Path $output "SwarmOps.$version.zip")
    $nupkg = New-PackageNupkg $folder $output

    foreach ($file in $zip, $nupkg) {
        $megabytes = (Get-Item $file).Length / 1MB
        if ($megabytes -gt 20) {
            Stop-Build ('{0} has {1:0.0} MB; 20 MB is the limit.' -f $file, $megabytes)
        }
    }
    Test-PackageZip $zip
    Test-PackageNupkg $nupkg
    foreach ($file in $zip, $nupkg) {
        Write-Line ([string]::Format([cultureinfo]::InvariantCulture, '{0} ({1:0.0} MB)', $file, (Get-Item $file).Length / 1MB))
    }
}
