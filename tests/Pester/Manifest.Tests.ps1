# What a gallery shows of the module. Needs no hosts.
BeforeAll {
    $module = Test-ModuleManifest $env:SWARMOPS_MODULE
    $root = (Resolve-Path (Join-Path $PSScriptRoot ../..)).Path
    # Addresses of the project's files are those of the checkout: what they name must be there.
    function Get-LinkedFile([uri] $Address) {
        Join-Path $root ($Address.AbsolutePath -replace '^/SwarmOps/SwarmOps/(blob/)?main/')
    }
}

Describe 'The manifest' {
    It 'names the project, its licence and its release notes' {
        $module.ProjectUri | Should -Be 'https://github.com/SwarmOps/SwarmOps'
        Get-LinkedFile $module.LicenseUri | Should -Exist
        Get-LinkedFile $module.ReleaseNotes | Should -Exist
    }

    It 'has an icon that is a small PNG' {
        $file = Get-LinkedFile $module.IconUri
        [System.IO.File]::ReadAllBytes($file)[0..7] | Should -Be 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A
        (Get-Item $file).Length | Should -BeLessThan 32KB
    }

    It 'has tags without spaces, as galleries split them there' {
        $module.Tags.Count | Should -BeGreaterThan 5
        $module.Tags | Where-Object { $_ -match '\s' } | Should -BeNullOrEmpty
        $module.Tags | Should -Contain 'PSEdition_Core'
    }

    It 'has no HelpInfoUri: the help is in the module, and Update-Help has nothing to fetch' {
        $module.HelpInfoUri | Should -BeNullOrEmpty
    }

    It 'exports no wildcard, so that the gallery lists every cmdlet' {
        $module.ExportedCmdlets.Count | Should -BeGreaterThan 0
        (Import-PowerShellDataFile $env:SWARMOPS_MODULE).CmdletsToExport | Where-Object { $_ -match '\*' } | Should -BeNullOrEmpty
    }

    It 'names only files that are in the folder' {
        $folder = Split-Path $env:SWARMOPS_MODULE
        $data = Import-PowerShellDataFile $env:SWARMOPS_MODULE
        foreach ($file in @($data.RootModule) + $data.RequiredAssemblies + $data.TypesToProcess + $data.FormatsToProcess) {
            Join-Path $folder $file | Should -Exist
        }
    }
}
