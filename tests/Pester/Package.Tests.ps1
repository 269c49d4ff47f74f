# What the task package refuses: a package that it lets through is complete. Needs no hosts.
BeforeAll {
    # As in the build.
    Set-StrictMode -Version Latest
    $root = (Resolve-Path (Join-Path $PSScriptRoot ../..)).Path
    . (Join-Path $root build common.ps1)
    . (Join-Path $root build package content.ps1)
    $version = '1.2.3'

    # A folder with a module's files and their checksums.
    function New-TestFolder {
        $folder = Join-Path $TestDrive ([guid]::NewGuid())
        $null = New-Item -ItemType Directory -Path (Join-Path $folder bin isolated)
        Set-Content (Join-Path $folder SwarmOps.psd1) '@{}'
        Set-Content (Join-Path $folder bin isolated Some.Library.dll) 'x'
        New-Checksum $folder
        $folder
    }

    function New-Json([object] $Object) {
        $path = Join-Path $TestDrive "$([guid]::NewGuid()).json"
        $Object | ConvertTo-Json -Depth 10 | Set-Content $path
        $path
    }

    function New-Bom([string[]] $Packages) {
        $components = foreach ($package in $Packages) {
            $name, $number, $license, $null = "$package " -split '[@ ]'
            @{ name = $name; version = $number; purl = "pkg:nuget/$name@$number"; licenses = @(@{ license = $license ? @{ id = $license } : @{ name = 'Unknown' } }) }
        }
        New-Json @{ components = @($components) }
    }
}

Describe 'The checksums of a package' {
    It 'hold for what they were made of, also after PSResourceGet has added its file' {
        $folder = New-TestFolder
        Set-Content (Join-Path $folder PSGetModuleInfo.xml) 'x'
        { Confirm-Checksum $folder } | Should -Not -Throw
    }

    It 'are in the form that sha256sum checks' -Skip:(-not $IsLinux) {
        $folder = New-TestFolder
        Push-Location $folder
        try {
            (& sha256sum --check --strict SwarmOps.1.2.3.sha256) -join ' ' | Should -Be 'SwarmOps.psd1: OK bin/isolated/Some.Library.dll: OK'
            $LASTEXITCODE | Should -Be 0
        }
        finally {
            Pop-Location
        }
    }

    It 'show a file that was changed' {
        $folder = New-TestFolder
        Add-Content (Join-Path $folder SwarmOps.psd1) '#'
        { Confirm-Checksum $folder } | Should -Throw '*SwarmOps.psd1*differs from its checksum*'
    }

    It 'show a file that was added' {
        $folder = New-TestFolder
        Set-Content (Join-Path $folder bin evil.dll) 'x'
        { Confirm-Checksum $folder } | Should -Throw '*bin/evil.dll*not in its checksums*'
    }

    It 'show a file that was removed' {
        $folder = New-TestFolder
        Remove-Item (Join-Path $folder bin isolated Some.Library.dll)
        { Confirm-Checksum $folder } | Should -Throw '*bin/isolated/Some.Library.dll*not in the folder*'
    }
}

Describe 'The bill of materials' {
    BeforeAll {
        $dependencies = New-Json @{ targets = @{ net = @{
            'Some.Package/4.5.6' = @{ runtime = @{ 'lib/net8.0/Some.Library.dll' = @{} } }
            'Reference.Only/1.0.0' = @{}
        } } }
    }

    It 'is compared with the packages of the assemblies that are shipped' {
        $folder = New-TestFolder
        Set-Content (Join-Path $folder bin isolated SwarmOps.Cmdlets.dll) 'x'
        Get-ShippedPackage $dependencies $folder | Should -Be 'Some.Package@4.5.6'
        { Confirm-Sbom (New-Bom 'Some.Package@4.5.6 MIT') 'Some.Package@4.5.6' } | Should -Not -Throw
    }

    It 'refuses an assembly of no known package' {
        $folder = New-TestFolder
        Set-Content (Join-Path $folder bin isolated Stray.dll) 'x'
        { Get-ShippedPackage $dependencies $folder } | Should -Throw '*Stray.dll is shipped*'
    }

    It 'refuses a shipped package that it does not list, also in another version' {
        { Confirm-Sbom (New-Bom 'Some.Package@4.5.7 MIT') 'Some.Package@4.5.6' } | Should -Throw '*Some.Package@4.5.6 is shipped*'
    }

    It 'refuses a listed package that is not shipped' {
        { Confirm-Sbom (New-Bom 'Some.Package@4.5.6 MIT', 'Reference.Only@1.0.0 MIT') 'Some.Package@4.5.6' } | Should -Throw '*Reference.Only@1.0.0, which is not shipped*'
    }
}

Describe 'THIRD-PARTY-NOTICES' {
    BeforeAll {
        $notices = Join-Path $TestDrive notices
        Set-Content $notices 'Intro', '', 'MIT', '===', '', '- Some.Package: Copyright (c) Someone', '', 'The text.'
    }

    It 'names each package under its licence' {
        { Confirm-Notice $notices (New-Bom 'Some.Package@1.0.0 MIT') } | Should -Not -Throw
    }

    It 'is refused when a package has another licence by now' {
        { Confirm-Notice $notices (New-Bom 'Some.Package@1.0.0 Apache-2.0') } | Should -Throw "*licence 'Apache-2.0'*under 'MIT'*"
    }

    It 'is refused when a package names no licence by its id' {
        { Confirm-Notice $notices (New-Bom 'Some.Package@1.0.0') } | Should -Throw "*licence ''*under 'MIT'*"
    }

    It 'is refused when it lacks a package' {
        { Confirm-Notice $notices (New-Bom 'Some.Package@1.0.0 MIT', 'New.Package@1.0.0 MIT') } | Should -Throw '*New.Package*'
    }

    It 'is refused when it names a package that is not shipped' {
        { Confirm-Notice $notices (New-Bom) } | Should -Throw '*Some.Package, which is not shipped*'
    }

    It 'has the text of each licence' {
        $text = Get-Content (Join-Path $root THIRD-PARTY-NOTICES) -Raw
        (Get-NoticedLicense (Join-Path $root THIRD-PARTY-NOTICES)).Values | Sort-Object -Unique | Should -Be 'Apache-2.0', 'BSD-3-Clause', 'MIT'
        $text | Should -Match 'Permission is hereby granted, free of charge'
        $text | Should -Match 'Redistributions in binary form must reproduce'
        $text | Should -Match 'TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION'
    }
}

Describe 'The zip' {
    It 'is the same for the same files, whenever it is made' {
        $folder = New-TestFolder
        $first = New-PackageZip $folder (Join-Path $TestDrive first.zip)
        Get-ChildItem $folder -Recurse -File | ForEach-Object { $_.LastWriteTimeUtc = [datetime]::UtcNow.AddDays(-3) }
        $second = New-PackageZip $folder (Join-Path $TestDrive second.zip)
        (Get-FileHash $first).Hash | Should -Be (Get-FileHash $second).Hash
    }
}
