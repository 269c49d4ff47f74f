# The task build: the module folder, staged as it is installed.

# Every stage may have a format file of its own: SwarmOps.<Stage>.Format.ps1xml.
$views = @(foreach ($path in [System.IO.Directory]::GetFiles((Get-RepositoryPath '.'), 'SwarmOps.*.ps1xml')) { [System.IO.Path]::GetFileName($path) })

# The pages that can be about topics; docs/cmdlets has a page for each cmdlet.
$topicPages = @([System.IO.Directory]::GetFiles((Get-RepositoryPath 'docs'), '*.md') | ForEach-Object { "docs/$([System.IO.Path]::GetFileName($_))" })

function Invoke-BuildTask([switch] $RequireHelp) {
    if ($done.Contains('build') -and -not $RequireHelp) {
        return
    }
    $inputs = $views + $topicPages + 'src/SwarmOps', 'src/SwarmOps.Cmdlets', 'tools', 'docs/cmdlets', 'README.md', 'SwarmOps.psd1', 'SwarmOps.psm1',
        'LICENSE', 'THIRD-PARTY-NOTICES', 'Directory.Build.props', 'Directory.Packages.props', '.editorconfig', 'build/module.ps1'
    $loose = Get-Fingerprint $inputs 'loose'
    $complete = Get-Fingerprint $inputs 'complete'
    $staged = [System.IO.File]::Exists([System.IO.Path]::Combine($moduleFolder, 'SwarmOps.psd1'))
    if (-not $staged -or -not ((Test-Stamp 'module' $complete) -or (-not $RequireHelp -and (Test-Stamp 'module' $loose)))) {
        Write-Line "Building SwarmOps $version ($Configuration)."
        Build-Project 'module' @('src/SwarmOps/SwarmOps.csproj', 'src/SwarmOps.Cmdlets/SwarmOps.Cmdlets.csproj', 'tools/HelpBuilder/HelpBuilder.csproj')
        Publish-ModuleFolder
        Build-Help -RequireHelp:$RequireHelp
        Set-Stamp 'module' $(if ($RequireHelp) { $complete } else { $loose })
    }
    Write-Line "The module is in $moduleFolder."
    $null = $done.Add('build')
}

# The folder as it is installed: the manifest and its files, the types, and the cmdlets with their packages in a folder of their own.
function Publish-ModuleFolder {
    $files = [ordered]@{}
    foreach ($name in @('SwarmOps.psd1', 'SwarmOps.psm1', 'LICENSE', 'THIRD-PARTY-NOTICES') + $views) {
        $files[$name] = Get-RepositoryPath $name
    }
    $types = [System.IO.Path]::Combine($artifacts, 'bin', 'SwarmOps', $flavor)
    $cmdlets = [System.IO.Path]::Combine($artifacts, 'bin', 'SwarmOps.Cmdlets', $flavor)
    foreach ($name in 'SwarmOps.dll', 'SwarmOps.xml') {
        $files["bin/$name"] = [System.IO.Path]::Combine($types, $name)
    }
    foreach ($path in [System.IO.Directory]::GetFiles($cmdlets, '*.dll')) {
        $name = [System.IO.Path]::GetFileName($path)
        if ($name -notin 'SwarmOps.dll', 'System.Management.Automation.dll') {
            $files["bin/isolated/$name"] = $path
        }
    }

    $keep = [System.Collections.Generic.HashSet[string]]::new()
    foreach ($entry in $files.GetEnumerator()) {
        $target = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($moduleFolder, $entry.Key))
        Copy-IfChanged $entry.Value $target
        $null = $keep.Add($target)
    }
    foreach ($path in [System.IO.Directory]::GetFiles($moduleFolder, '*', 'AllDirectories')) {
        if (-not $keep.Contains($path) -and $path -notmatch '(-Help\.xml|\.help\.txt)$') {
            [System.IO.File]::Delete($path)
        }
    }
    foreach ($folder in [System.IO.Directory]::GetDirectories([System.IO.Path]::GetDirectoryName($moduleFolder))) {
        if ($folder -ne $moduleFolder) {
            Remove-Folder $folder
        }
    }
}

function Build-Help([switch] $RequireHelp) {
    $builder = [System.IO.Path]::Combine($artifacts, 'bin', 'HelpBuilder', $flavor, 'HelpBuilder.dll')
    $arguments = @($builder, '--module', [System.IO.Path]::Combine($moduleFolder, 'SwarmOps.psd1'), '--pages', (Get-RepositoryPath 'docs/cmdlets'), '--topics', $root)
    if ($RequireHelp) {
        $arguments += '--strict'
    }
    & dotnet @arguments | Out-Default
    if ($LASTEXITCODE -ne 0) {
        Stop-Build 'The help is not complete.'
    }
}
