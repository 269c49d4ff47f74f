# What a package holds besides the module: a bill of materials and a catalog of checksums.

$ownAssemblies = 'SwarmOps.dll', 'SwarmOps.Cmdlets.dll'

# The module folder as it is shipped.
function New-PackageFolder([string] $Folder) {
    $null = New-Item -ItemType Directory -Path (Split-Path $Folder) -Force
    Copy-Item -Path $moduleFolder -Destination $Folder -Recurse
    $shipped = Get-ShippedPackage (Join-Path $artifacts 'bin' 'SwarmOps.Cmdlets' $flavor 'SwarmOps.Cmdlets.deps.json') $Folder
    $sbom = Join-Path $Folder 'SwarmOps.cdx.json'
    New-Sbom $sbom
    Confirm-Sbom $sbom $shipped
    Confirm-Notice (Join-Path $Folder 'THIRD-PARTY-NOTICES') $sbom
    New-Checksum $Folder
    if ($IsWindows) {
        # A catalog of Windows, for those who sign it. Its cmdlets exist there only.
        $null = New-FileCatalog -Path $Folder -CatalogFilePath (Join-Path $Folder 'SwarmOps.cat') -CatalogVersion 2
    }
    $Folder
}

# The NuGet packages whose assemblies are in bin/isolated, each as name@version.
function Get-ShippedPackage([string] $DependencyFile, [string] $Folder) {
    $target = (Get-Content $DependencyFile -Raw | ConvertFrom-Json -AsHashtable).targets.Values | Select-Object -First 1
    $packageOf = @{}
    foreach ($library in $target.GetEnumerator() | Where-Object { $_.Value.ContainsKey('runtime') }) {
        foreach ($path in $library.Value.runtime.Keys) {
            $packageOf[[System.IO.Path]::GetFileName($path)] = $library.Key.Replace('/', '@')
        }
    }
    $assemblies = (Get-ChildItem (Join-Path $Folder 'bin' 'isolated') -Filter '*.dll').Name | Where-Object { $_ -notin $ownAssemblies }
    $packages = foreach ($assembly in $assemblies) {
        if (-not $packageOf.ContainsKey($assembly)) {
            Stop-Build "$assembly is shipped, but it is in no package that SwarmOps.Cmdlets references."
        }
        $packageOf[$assembly]
    }
    $packages | Sort-Object -Unique
}

# A CycloneDX bill of materials of the packages that are shipped. Serial number and time are left out: the same sources give the same file.
function New-Sbom([string] $Path) {
    $project = Get-RepositoryPath 'src/SwarmOps.Cmdlets/SwarmOps.Cmdlets.csproj'
    Invoke-Tool 'dotnet-CycloneDX' @(
        $project, '--output', (Split-Path $Path), '--filename', (Split-Path $Path -Leaf), '--output-format', 'Json', '--spec-version', '1.6',
        '--disable-package-restore', '--base-intermediate-output-path', (Join-Path $artifacts 'obj'), '--no-serial-number',
        '--set-name', 'SwarmOps', '--set-version', $version, '--set-type', 'Library',
        # The reference assemblies of PowerShell are compiled against, and not shipped.
        '--exclude-filter', 'PowerShellStandard.Library'
    )
    if ($LASTEXITCODE -ne 0) {
        Stop-Build "'dotnet-CycloneDX' failed with exit code $LASTEXITCODE."
    }
    $document = Get-Content $Path -Raw | ConvertFrom-Json -AsHashtable
    $document.metadata.Remove('timestamp')
    [System.IO.File]::WriteAllText($Path, ($document | ConvertTo-Json -Depth 100).ReplaceLineEndings("`n") + "`n")
}

# The bill of materials lists every package that is shipped, and no other.
function Confirm-Sbom([string] $Path, [string[]] $Shipped) {
    $listed = (Get-Content $Path -Raw | ConvertFrom-Json).components | ForEach-Object { "$($_.name)@$($_.version)" }
    foreach ($package in $Shipped | Where-Object { $_ -notin $listed }) {
        Stop-Build "$package is shipped, but the bill of materials does not list it."
    }
    foreach ($package in $listed | Where-Object { $_ -notin $Shipped }) {
        Stop-Build "The bill of materials lists $package, which is not shipped."
    }
}

# THIRD-PARTY-NOTICES names every package of the bill of materials under its own licence, and no other package.
function Confirm-Notice([string] $Path, [string] $Sbom) {
    $noticed = Get-NoticedLicense $Path
    $components = (Get-Content $Sbom -Raw | ConvertFrom-Json -AsHashtable).components
    foreach ($component in $components) {
        $license = Get-ComponentLicense $component
        if ($noticed[$component.name] -ne $license) {
            Stop-Build "$($component.name) has the licence '$license'; THIRD-PARTY-NOTICES has it under '$($noticed[$component.name])'."
        }
    }
    foreach ($name in $noticed.Keys | Where-Object { $_ -notin @($components | ForEach-Object { $_.name }) }) {
        Stop-Build "THIRD-PARTY-NOTICES names $name, which is not shipped."
    }
}

# The SPDX id of a component's licence; '' where its package names none.
function Get-ComponentLicense([hashtable] $Component) {
    $licenses = @(if ($Component.ContainsKey('licenses')) { $Component.licenses.license })
    if ($licenses.Count -eq 1 -and $licenses[0].ContainsKey('id')) { $licenses[0].id } else { '' }
}

# The licence of each package in THIRD-PARTY-NOTICES: headings are SPDX ids, underlined; packages are lines '- Name: copyright'.
function Get-NoticedLicense([string] $Path) {
    $licenses = @{}
    $heading = ''
    $previous = ''
    foreach ($line in Get-Content $Path) {
        if ($line -match '^=+$') {
            $heading = $previous
        }
        elseif ($line -match '^- (\S+): ') {
            $licenses[$Matches[1]] = $heading
        }
        $previous = $line
    }
    $licenses
}

function Get-ChecksumPath([string] $Folder) {
    Join-Path $Folder "SwarmOps.$version.sha256"
}

# The files that the checksums are of. The catalog of Windows is made after them, and PSResourceGet adds a file when it installs.
function Get-CatalogedFile([string] $Folder) {
    $own = (Split-Path (Get-ChecksumPath $Folder) -Leaf), 'SwarmOps.cat', 'PSGetModuleInfo.xml'
    $names = [System.IO.Directory]::EnumerateFiles($Folder, '*', 'AllDirectories') |
        ForEach-Object { [System.IO.Path]::GetRelativePath($Folder, $_).Replace('\', '/') } |
        Where-Object { $_ -notin $own }
    $sorted = [string[]] @($names)
    [array]::Sort($sorted, [System.StringComparer]::Ordinal)
    $sorted
}

# Checksums in the form of sha256sum, so that `sha256sum -c` in the module's folder checks them.
function New-Checksum([string] $Folder) {
    $lines = foreach ($name in Get-CatalogedFile $Folder) {
        "$((Get-FileHash (Join-Path $Folder $name) -Algorithm SHA256).Hash.ToLowerInvariant())  $name"
    }
    [System.IO.File]::WriteAllText((Get-ChecksumPath $Folder), ($lines -join "`n") + "`n")
}

# Every file has its checksum, and no file is missing or too many.
function Confirm-Checksum([string] $Folder) {
    $expected = @{}
    foreach ($line in Get-Content (Get-ChecksumPath $Folder)) {
        $hash, $name = $line -split '  ', 2
        $expected[$name] = $hash
    }
    foreach ($name in Get-CatalogedFile $Folder) {
        if (-not $expected.ContainsKey($name)) {
            Stop-Build "$name is in $Folder, but not in its checksums."
        }
        if ((Get-FileHash (Join-Path $Folder $name) -Algorithm SHA256).Hash -ne $expected[$name]) {
            Stop-Build "$name in $Folder differs from its checksum."
        }
        $expected.Remove($name)
    }
    foreach ($name in $expected.Keys) {
        Stop-Build "$name is in the checksums of $Folder, but not in the folder."
    }
}

# The same files give the same zip: entries are sorted and have one time. The folder in it has no version, as Azure Automation wants it.
function New-PackageZip([string] $Folder, [string] $Path) {
    $time = [System.DateTimeOffset]::new(1980, 1, 1, 0, 0, 0, [timespan]::Zero)
    $names = [string[]] @([System.IO.Directory]::EnumerateFiles($Folder, '*', 'AllDirectories') | ForEach-Object { [System.IO.Path]::GetRelativePath($Folder, $_).Replace('\', '/') })
    [array]::Sort($names, [System.StringComparer]::Ordinal)
    $archive = [System.IO.Compression.ZipFile]::Open($Path, 'Create')
    try {
        foreach ($name in $names) {
            $entry = $archive.CreateEntry("SwarmOps/$name", 'SmallestSize')
            $entry.LastWriteTime = $time
            $target = $entry.Open()
            $source = [System.IO.File]::OpenRead((Join-Path $Folder $name))
            try {
                $source.CopyTo($target)
            }
            finally {
                $source.Dispose()
                $target.Dispose()
            }
        }
    }
    finally {
        $archive.Dispose()
    }
    $Path
}
