# Packages are proven as users meet them: unpacked or installed elsewhere, and imported in a PowerShell of their own.

# Runs a script of build/package in a PowerShell of its own, with another home: PSResourceGet keeps its repositories and modules there.
function Invoke-InOtherHome([string] $HomeFolder, [string] $Script, [string[]] $Arguments) {
    $saved = @{}
    foreach ($name in 'HOME', 'XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME') {
        $saved[$name] = [System.Environment]::GetEnvironmentVariable($name)
    }
    # .NET ignores folders that do not exist.
    foreach ($folder in '.local/share', '.config', '.cache') {
        $null = New-Item -ItemType Directory -Path (Join-Path $HomeFolder $folder) -Force
    }
    try {
        $env:HOME = $HomeFolder
        $env:XDG_DATA_HOME = Join-Path $HomeFolder '.local/share'
        $env:XDG_CONFIG_HOME = Join-Path $HomeFolder '.config'
        $env:XDG_CACHE_HOME = Join-Path $HomeFolder '.cache'
        & $pwsh -NoProfile -NonInteractive -File (Get-RepositoryPath "build/package/$Script.ps1") @Arguments
        if ($LASTEXITCODE -ne 0) {
            Stop-Build "build/package/$Script.ps1 failed with exit code $LASTEXITCODE."
        }
    }
    finally {
        foreach ($name in $saved.Keys) {
            [System.Environment]::SetEnvironmentVariable($name, $saved[$name])
        }
    }
}

# Publishes the folder to a repository that is a folder, as `Publish-PSResource` does to the gallery.
function New-PackageNupkg([string] $Folder, [string] $Output) {
    $elsewhere = New-TemporaryFolder
    try {
        $null = New-Item -ItemType Directory -Path (Join-Path $elsewhere 'feed')
        Invoke-InOtherHome (Join-Path $elsewhere 'home') 'publish' @('-Folder', $Folder, '-Feed', (Join-Path $elsewhere 'feed')) | Out-Default
        Copy-Item -Path (Join-Path $elsewhere 'feed' "SwarmOps.$version.nupkg") -Destination $Output -PassThru | ForEach-Object FullName
    }
    finally {
        Remove-Folder $elsewhere
    }
}

# Unpacks the zip into a folder for modules.
function Test-PackageZip([string] $Zip) {
    $elsewhere = New-TemporaryFolder
    try {
        $modules = Join-Path $elsewhere 'modules'
        [System.IO.Compression.ZipFile]::ExtractToDirectory($Zip, $modules)
        Confirm-Checksum (Join-Path $modules 'SwarmOps')
        Confirm-Import $elsewhere $modules
    }
    finally {
        Remove-Folder $elsewhere
    }
}

# Installs the nupkg from a repository that is a folder.
function Test-PackageNupkg([string] $Nupkg) {
    Confirm-Nuspec $Nupkg
    $elsewhere = New-TemporaryFolder
    try {
        $feed = Join-Path $elsewhere 'feed'
        $null = New-Item -ItemType Directory -Path $feed
        Copy-Item -Path $Nupkg -Destination $feed
        $modules = Join-Path $elsewhere 'modules'
        $null = New-Item -ItemType Directory -Path $modules
        $installed = Invoke-InOtherHome (Join-Path $elsewhere 'home') 'install' @('-Feed', $feed, '-Modules', $modules) | Select-Object -Last 1
        Confirm-Below $installed $elsewhere
        Confirm-Checksum $installed
        Confirm-Import $elsewhere (Split-Path (Split-Path $installed))
    }
    finally {
        Remove-Folder $elsewhere
    }
}

# Imports the module by its name, and compares what it exports with what the manifest promises.
function Confirm-Import([string] $Elsewhere, [string] $Modules) {
    $found = Invoke-InOtherHome (Join-Path $Elsewhere 'home') 'inspect' @('-Modules', $Modules) | Out-String | ConvertFrom-Json
    Confirm-Below $found.ModuleBase $Elsewhere
    if ($found.Version -ne $version) {
        Stop-Build "SwarmOps $($found.Version) was imported; $version was packaged."
    }
    $promised = (Import-PowerShellDataFile (Join-Path $moduleFolder 'SwarmOps.psd1')).CmdletsToExport
    foreach ($difference in Compare-Object $promised $found.Cmdlets) {
        Stop-Build "$($difference.InputObject) is $(if ($difference.SideIndicator -eq '<=') { 'in the manifest, but not exported' } else { 'exported, but not in the manifest' })."
    }
    if ($found.WithoutHelp) {
        Stop-Build "No help in the package: $($found.WithoutHelp -join ', ')."
    }
    if ('about_SwarmOps' -notin $found.Topics) {
        Stop-Build 'The package has no topic about_SwarmOps.'
    }
}

# What the gallery shows comes from the nuspec, which PSResourceGet makes from the manifest.
function Confirm-Nuspec([string] $Nupkg) {
    $archive = [System.IO.Compression.ZipFile]::OpenRead($Nupkg)
    try {
        $reader = [System.IO.StreamReader]::new($archive.GetEntry('SwarmOps.nuspec').Open())
        $metadata = ([xml] $reader.ReadToEnd()).package.metadata
        $reader.Dispose()
    }
    finally {
        $archive.Dispose()
    }
    $data = (Import-PowerShellDataFile (Join-Path $moduleFolder 'SwarmOps.psd1')).PrivateData.PSData
    $expected = @{ id = 'SwarmOps'; version = $version; projectUrl = $data.ProjectUri; iconUrl = $data.IconUri; licenseUrl = $data.LicenseUri; releaseNotes = $data.ReleaseNotes }
    foreach ($name in $expected.Keys) {
        if ("$($metadata.$name)" -ne $expected[$name]) {
            Stop-Build "The nupkg has the $name '$($metadata.$name)'; the manifest has '$($expected[$name])'."
        }
    }
    $tags = $metadata.tags -split ' '
    foreach ($tag in $data.Tags) {
        if ($tag -notin $tags) {
            Stop-Build "The nupkg lacks the tag '$tag'."
        }
    }
}

# Another SwarmOps of this machine proves nothing. Compared by the folder's random name: Windows has short and long names for what is above it.
function Confirm-Below([string] $Path, [string] $Folder) {
    if ($Path -notmatch "[\\/]$([regex]::Escape((Split-Path $Folder -Leaf)))[\\/]") {
        Stop-Build "SwarmOps is in '$Path', and not below $Folder."
    }
}

function New-TemporaryFolder {
    [System.IO.Directory]::CreateTempSubdirectory('swarmops-package-').FullName
}
