# The task build: the module folder, staged as it is installed.

# Every stage may have a format file of its own: SwarmOps.<Stage>.Format.ps1xml.
$views = @(Get-ChildItem (Join-Path $root 'SwarmOps.*.ps1xml') -Name)

# The pages that can be about topics; docs/cmdlets has a page for each cmdlet.
$topicPages = @((Get-ChildItem (Join-Path $root docs '*.md')).Name | ForEach-Object { "docs/$_" })

function Invoke-BuildTask([switch] $RequireHelp) {
    if ($done.Contains('build') -and -not $RequireHelp) {
        return
    }
    $inputs = $views + $topicPages + 'src/SwarmOps', 'src/SwarmOps.Cmdlets', 'tools', 'docs/cmdlets', 'README.md', 'SwarmOps.psd1', 'SwarmOps.psm1',
        'LICENSE', 'THIRD-PARTY-NOTICES', 'Directory.Build.props', 'Directory.Packages.props', '.editorconfig', 'build/module.ps1'
    $loose = Get-Fingerprint $inputs 'loose'
    $complete = Get-Fingerprint $inputs 'complete'
    $staged = Test-Path (Join-Path $moduleFolder SwarmOps.psd1)
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
    $types = Join-Path $artifacts bin SwarmOps $flavor
    foreach ($name in 'SwarmOps.dll', 'SwarmOps.xml') {
        $files["bin/$name"] = Join-Path $types $name
    }
    foreach ($assembly in Get-ChildItem (Join-Path $artifacts bin SwarmOps.Cmdlets $flavor '*.dll')) {
        if ($assembly.Name -notin 'SwarmOps.dll', 'System.Management.Automation.dll') {
            $files["bin/isolated/$($assembly.Name)"] = $assembly.FullName
        }
    }

    $keep = foreach ($name in $files.Keys) {
        $target = [System.IO.Path]::GetFullPath((Join-Path $moduleFolder $name))
        Copy-IfChanged $files[$name] $target
        $target
    }
    Get-ChildItem $moduleFolder -Recurse -File | Where-Object { $_.FullName -notin $keep -and $_.Name -notlike '*-Help.xml' -and $_.Name -notlike 'about_*.help.txt' } | Remove-Item -Force
    Get-ChildItem (Split-Path $moduleFolder) -Directory | Where-Object FullName -ne $moduleFolder | Remove-Item -Recurse -Force
}

function Build-Help([switch] $RequireHelp) {
    $builder = Join-Path $artifacts bin HelpBuilder $flavor HelpBuilder.dll
    $arguments = @($builder, '--module', (Join-Path $moduleFolder SwarmOps.psd1), '--pages', (Get-RepositoryPath 'docs/cmdlets'), '--topics', $root)
    if ($RequireHelp) {
        $arguments += '--strict'
    }
    & dotnet @arguments | Out-Default
    if ($LASTEXITCODE -ne 0) {
        Stop-Build 'The help is not complete.'
    }
}
