# Stands in for Microsoft.PowerShell.SecretManagement where that is not installed: the commands that SwarmOps calls and the tests need, with the
# parameter sets and errors of version 1.1.2. A vault is a folder with a file for each secret.
$vaults = @{}

function Get-VaultStore([string] $Name) {
    $name = $Name ? $Name : $vaults.Keys | Select-Object -First 1
    if (-not $name -or -not $vaults.ContainsKey($name)) { throw [System.Management.Automation.PSInvalidOperationException]::new("Vault $Name does not exist in registry.") }
    $vaults[$name]
}

function Register-SecretVault {
    param([Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [string] $ModuleName, [hashtable] $VaultParameters)
    $vaults[$Name] = $VaultParameters.Store
}

function Unregister-SecretVault {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Name)
    $vaults.Remove($Name)
}

function Get-Secret {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0)] [string] $Name, [Parameter(Position = 1)] [string] $Vault, [switch] $AsPlainText)
    $path = Join-Path (Get-VaultStore $Vault) $Name
    if (-not (Test-Path -LiteralPath $path)) {
        Write-Error "The secret $Name was not found." -ErrorId GetSecretNotFound -Category ObjectNotFound
        return
    }
    $text = Get-Content -LiteralPath $path -Raw
    $AsPlainText ? $text : (ConvertTo-SecureString $text -AsPlainText)
}

function Set-Secret {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $Name,
        [Parameter(Mandatory, Position = 1, ValueFromPipeline, ParameterSetName = 'ObjectParameterSet')] [object] $Secret,
        [Parameter(Mandatory, ParameterSetName = 'SecureStringParameterSet')] [securestring] $SecureStringSecret,
        [Parameter(Position = 2)] [string] $Vault
    )
    $text = $SecureStringSecret ? (ConvertFrom-SecureString $SecureStringSecret -AsPlainText) : $Secret
    Set-Content -LiteralPath (Join-Path (Get-VaultStore $Vault) $Name) -Value $text -NoNewline
}

Export-ModuleMember -Function Register-SecretVault, Unregister-SecretVault, Get-Secret, Set-Secret
