# What every task uses.

function Write-Line([string] $Text = '') {
    $Host.UI.WriteLine($Text)
}

# An expected failure: shown as its message alone, without the position in this file.
function Stop-Build([string] $Message) {
    throw [System.ApplicationException]::new($Message)
}

function Get-RepositoryPath([string] $Path) {
    [System.IO.Path]::Combine($root, $Path)
}

function Invoke-Program([string] $Program, [string[]] $Arguments) {
    & $Program @Arguments | Out-Default
    if ($LASTEXITCODE -ne 0) {
        Stop-Build "'$([System.IO.Path]::GetFileName($Program)) $($Arguments[0])' failed with exit code $LASTEXITCODE."
    }
}

function Test-Program([string] $Name) {
    $null -ne (Get-Command -Name $Name -CommandType Application -ErrorAction Ignore)
}

# Every file below the given paths, without what a build or an editor leaves there.
function Get-InputFile([string[]] $Paths) {
    foreach ($path in $Paths) {
        $full = Get-RepositoryPath $path
        if ([System.IO.File]::Exists($full)) {
            $full
        }
        elseif ([System.IO.Directory]::Exists($full)) {
            [System.IO.Directory]::EnumerateFiles($full, '*', 'AllDirectories') | Where-Object { $_ -notmatch '[\\/](bin|obj)[\\/]' }
        }
    }
}

# One text for the state of files: equal means that nothing was edited, added, renamed or removed.
function Get-Fingerprint([string[]] $Paths, [string] $Options) {
    $lines = [System.Collections.Generic.List[string]]::new()
    foreach ($file in Get-InputFile $Paths) {
        $info = [System.IO.FileInfo]::new($file)
        $lines.Add("$file|$($info.LastWriteTimeUtc.Ticks)|$($info.Length)")
    }
    $lines.Sort([System.StringComparer]::Ordinal)
    $bytes = [System.Text.Encoding]::UTF8.GetBytes("$Options`n" + [string]::Join("`n", $lines))
    [System.Convert]::ToHexString([System.Security.Cryptography.SHA256]::HashData($bytes))
}

function Get-StampPath([string] $Name) {
    [System.IO.Path]::Combine($artifacts, 'stamps', "$Name-$flavor")
}

function Test-Stamp([string] $Name, [string] $Fingerprint) {
    $path = Get-StampPath $Name
    [System.IO.File]::Exists($path) -and [System.IO.File]::ReadAllText($path) -eq $Fingerprint
}

function Set-Stamp([string] $Name, [string] $Fingerprint) {
    $path = Get-StampPath $Name
    $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($path))
    [System.IO.File]::WriteAllText($path, $Fingerprint)
}

# Compiles some projects of the solution in one MSBuild run, through a solution filter.
function Build-Project([string] $Name, [string[]] $Projects) {
    if (-not (Test-Program 'dotnet')) {
        Stop-Build 'The .NET SDK 10 is needed: install it so that dotnet is on PATH (https://dotnet.microsoft.com/download).'
    }
    $filter = [System.IO.Path]::Combine($artifacts, "$Name.slnf")
    $null = [System.IO.Directory]::CreateDirectory($artifacts)
    $quoted = foreach ($project in $Projects) { '"' + $project + '"' }
    [System.IO.File]::WriteAllText($filter, '{ "solution": { "path": "../SwarmOps.slnx", "projects": [ ' + [string]::Join(', ', $quoted) + ' ] } }')
    Invoke-Program 'dotnet' @('build', $filter, '--configuration', $Configuration, '--verbosity', 'quiet', '-nologo', '-tl:off', '-clp:NoSummary')
}

# Copies by rename: a process that has the old file mapped goes on with it.
function Copy-IfChanged([string] $From, [string] $To) {
    $source = [System.IO.FileInfo]::new($From)
    $target = [System.IO.FileInfo]::new($To)
    if ($target.Exists -and $target.Length -eq $source.Length -and $target.LastWriteTimeUtc -eq $source.LastWriteTimeUtc) {
        return
    }
    $null = [System.IO.Directory]::CreateDirectory($target.DirectoryName)
    $partial = "$To.partial"
    [System.IO.File]::Copy($From, $partial, $true)
    [System.IO.File]::Move($partial, $To, $true)
}

function Remove-Folder([string] $Path) {
    if ([System.IO.Directory]::Exists($Path)) {
        [System.IO.Directory]::Delete($Path, $true)
    }
}

# Words of a command line as a splat: '-Delay 80 -Verbose' becomes @{ Delay = '80'; Verbose = $true }.
function ConvertTo-Splat([string[]] $Words) {
    $splat = @{}
    $name = $null
    foreach ($word in $Words) {
        if ($word -match '^-([A-Za-z]\w*)(?::(.*))?$') {
            $name = $Matches[1]
            $splat[$name] = if ($Matches.ContainsKey(2)) { $Matches[2] } else { $true }
        }
        elseif ($null -eq $name) {
            Stop-Build "'$word' follows no argument name."
        }
        else {
            $splat[$name] = $word
            $name = $null
        }
    }
    $splat
}
