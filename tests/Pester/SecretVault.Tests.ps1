# In a vault of Microsoft.PowerShell.SecretManagement where that is installed, and else in one of SecretManagement.psm1.
BeforeDiscovery {
    $module = (Get-Module -ListAvailable -Name Microsoft.PowerShell.SecretManagement).Name | Select-Object -First 1
    $vaults = @{ Module = $module ? $module : (Join-Path $PSScriptRoot SecretManagement.psm1); Kind = $module ? 'installed' : 'stand-in' }
}

Describe 'Secrets in a vault of SecretManagement (<Kind>)' -ForEach $vaults {
    BeforeAll {
        . $PSScriptRoot/TestLab.ps1
        $swarm = New-TestSwarm
        Import-Module $Module

        $store = Join-Path $TestDrive 'store'
        $folder = Join-Path $TestDrive 'PesterVault'
        $extension = Join-Path $folder 'PesterVault.Extension'
        $null = New-Item -ItemType Directory -Path $extension, $store
        New-ModuleManifest -Path (Join-Path $folder 'PesterVault.psd1') -ModuleVersion 1.0.0 -NestedModules './PesterVault.Extension' -FunctionsToExport @()
        New-ModuleManifest -Path (Join-Path $extension 'PesterVault.Extension.psd1') -ModuleVersion 1.0.0 -RootModule 'PesterVault.Extension.psm1' -FunctionsToExport Get-Secret, Set-Secret, Remove-Secret, Get-SecretInfo, Test-SecretVault
        Set-Content -Path (Join-Path $extension 'PesterVault.Extension.psm1') -Value @'
function Get-Secret { param([string] $Name, [string] $VaultName, [hashtable] $AdditionalParameters) $path = Join-Path $AdditionalParameters.Store $Name; if (Test-Path $path) { ConvertTo-SecureString (Get-Content -Raw $path) -AsPlainText -Force } }
function Set-Secret { param([string] $Name, [object] $Secret, [string] $VaultName, [hashtable] $AdditionalParameters, [hashtable] $Metadata) Set-Content -Path (Join-Path $AdditionalParameters.Store $Name) -NoNewline -Value ([System.Net.NetworkCredential]::new('', $Secret).Password); $true }
function Remove-Secret { param([string] $Name, [string] $VaultName, [hashtable] $AdditionalParameters) Remove-Item (Join-Path $AdditionalParameters.Store $Name); $true }
function Get-SecretInfo { param([string] $Filter, [string] $VaultName, [hashtable] $AdditionalParameters) }
function Test-SecretVault { param([string] $VaultName, [hashtable] $AdditionalParameters) $true }
'@
        Register-SecretVault -Name pester-vault -ModuleName $folder -VaultParameters @{ Store = $store }
    }

    AfterAll {
        Unregister-SecretVault -Name pester-vault -ErrorAction Ignore
        Remove-Module (Split-Path -LeafBase $Module)
    }

    It 'hands it what is made' {
        $made = $swarm | New-SwarmSecret -Name pester-vaulted -AsVault -Vault pester-vault -Length 24
        $made.Name | Should -Be 'pester-vaulted'
        Get-Secret -Name pester-vaulted -Vault pester-vault -AsPlainText | Should -Match '^[A-Za-z0-9]{24}$'
    }

    It 'hands it the new value of a rotation' {
        $before = Get-Secret -Name pester-vaulted -Vault pester-vault -AsPlainText
        ($swarm | Update-SwarmSecret -Name pester-vaulted -AsVault -Vault pester-vault).Version | Should -Be 2
        Get-Secret -Name pester-vaulted -Vault pester-vault -AsPlainText | Should -Not -Be $before
    }

    It 'takes what it holds already' {
        Set-Secret -Name pester-vault-held -Vault pester-vault -Secret 'from the vault'
        $null = $swarm | New-SwarmSecret -Name pester-vault-held -AsVault -Vault pester-vault
        Get-Secret -Name pester-vault-held -Vault pester-vault -AsPlainText | Should -Be 'from the vault'
    }

    It 'says which vault there is not' {
        { $swarm | New-SwarmSecret -Name pester-vault-none -AsVault -Vault no-such-vault } | Should -Throw -ErrorId 'VaultRefused,SwarmOps.Services.Stored.NewSwarmSecretCommand'
        { $swarm | Get-SwarmSecret -Name pester-vault-none -ErrorAction Stop } | Should -Throw -ErrorId 'StoredNotFound,*'
    }

    It 'says what to install where there is no SecretManagement' {
        $said = Invoke-Prompt '$env:PSModulePath = ""; try { $nodes | New-SwarmSecret -Name pester-vault-none -AsVault } catch { $_.FullyQualifiedErrorId; $_.ErrorDetails.RecommendedAction }'
        $said | Should -Match 'VaultMissing,'
        $said | Should -Match 'Install-PSResource Microsoft.PowerShell.SecretManagement'
        { $swarm | Get-SwarmSecret -Name pester-vault-none -ErrorAction Stop } | Should -Throw -ErrorId 'StoredNotFound,*'
    }
}
