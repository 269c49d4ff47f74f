# What every task uses.

# Text for the one who reads along; it is no output of the function that says it.
function Write-Line([string] $Text = '') {
    $Host.UI.WriteLine($Text)
}

# An expected failure: shown as its message alone, without the position in this file.
function Stop-Build([string] $Message) {
    throw [System.ApplicationException]::new($Message)
}

function Get-RepositoryPath([string] $Path) {
    Join-Path $root $Path
}

function Invoke-Program([string] $Program, [string[]] $Arguments) {
    & $Program @Arguments | Out-Default
    if ($LASTEXITCODE -ne 0) {
        Stop-Build "'$(Split-Path -Leaf $Program) $($Arguments[0])' failed with exit code $LASTEXITCODE."
    }
}

function Test-Program([string] $Name) {
    $null -ne (Get-Command -Name $Name -CommandType Application -ErrorAction Ignore)
}

function New-Folder([string] $Path) {
    $null = New-Item -ItemType Directory -Path $Path -Force
}

function Remove-Folder([string] $Path) {
    if (Test-Path -LiteralPath $Path) {
        Remove-Item -LiteralPath $Path -Recurse -Force
    }
}

function Write-Text([string] $Path, [string[]] $Lines) {
    New-Folder (Split-Path $Path)
    Set-Content -LiteralPath $Path -Value ($Lines -join "`n") -NoNewline
}

# Every file below the given paths, without what a build or an editor leaves there.
function Get-InputFile([string[]] $Paths) {
    $existing = @($Paths | ForEach-Object { Get-RepositoryPath $_ } | Where-Object { Test-Path -LiteralPath $_ })
    Get-ChildItem -LiteralPath $existing -Recurse -File -Force | Where-Object FullName -NotMatch '[\\/](bin|obj)[\\/]'
}

# One text for the state of files: equal means that nothing was edited, added, renamed or removed.
function Get-Fingerprint([string[]] $Paths, [string] $Options) {
    $lines = [string[]] @(Get-InputFile $Paths | ForEach-Object { "$($_.FullName)|$($_.LastWriteTimeUtc.Ticks)|$($_.Length)" })
    [array]::Sort($lines, [System.StringComparer]::Ordinal)
    $bytes = [System.Text.Encoding]::UTF8.GetBytes((@($Options) + $lines) -join "`n")
    [System.Convert]::ToHexString([System.Security.Cryptography.SHA256]::HashData($bytes))
}

function Get-StampPath([string] $Name) {
    Join-Path $artifacts stamps "$Name-$flavor"
}

function Test-Stamp([string] $Name, [string] $Fingerprint) {
    $path = Get-StampPath $Name
    (Test-Path -LiteralPath $path) -and (Get-Content -LiteralPath $path -Raw) -eq $Fingerprint
}

function Set-Stamp([string] $Name, [string] $Fingerprint) {
    Write-Text (Get-StampPath $Name) $Fingerprint
}

# Compiles some projects of the solution in one MSBuild run, through a solution filter.
function Build-Project([string] $Name, [string[]] $Projects) {
    Confirm-Sdk
    $filter = Join-Path $artifacts "$Name.slnf"
    Write-Text $filter (@{ solution = @{ path = '../SwarmOps.slnx'; projects = $Projects } } | ConvertTo-Json -Depth 3)
    Invoke-Program 'dotnet' @('build', $filter, '--configuration', $Configuration, '--verbosity', 'quiet', '-nologo', '-tl:off', '-clp:NoSummary')
}

# Copies by rename: a process that has the old file mapped goes on with it.
function Copy-IfChanged([string] $From, [string] $To) {
    $source = Get-Item -LiteralPath $From
    $target = Get-Item -LiteralPath $To -ErrorAction Ignore
    if ($target -and $target.Length -eq $source.Length -and $target.LastWriteTimeUtc -eq $source.LastWriteTimeUtc) {
        return
    }
    New-Folder (Split-Path $To)
    Copy-Item -LiteralPath $From -Destination "$To.partial" -Force
    Move-Item -LiteralPath "$To.partial" -Destination $To -Force
}

# Seconds as they are shown, whatever the culture.
function Format-Second([timespan] $Time, [string] $Format = '0.0') {
    $Time.TotalSeconds.ToString($Format, [cultureinfo]::InvariantCulture)
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

function Invoke-CleanTask {
    Remove-Folder $artifacts
    $done.Clear()
}
