# From bare engines to three reachable managers and an encrypted overlay: SwarmOps beside a plain script over the docker CLI (by-hand.sh),
# on the same lab, taking turns, with no delay and with 80 ms between regions. Needs root, as the lab does.
param(
    [int] $Rounds = 3,
    [int[]] $Delay = @(0, 80)
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. ([System.IO.Path]::Combine($PSScriptRoot, 'lib', 'common.ps1'))
$invariant = [cultureinfo]::InvariantCulture
$root = [System.IO.Path]::GetDirectoryName($PSScriptRoot)
$lab = [System.IO.Path]::Combine($root, 'lab', 'lab')
$work = [System.IO.Path]::Combine($root, 'artifacts', 'bench')
$hostProgram = [System.IO.Path]::Combine($root, 'artifacts', 'bin', 'SwarmOps.Host', 'release', 'SwarmOps.Host.dll')
$module = [System.IO.Directory]::GetFiles([System.IO.Path]::Combine($root, 'artifacts', 'module', 'SwarmOps'), 'SwarmOps.psd1', 'AllDirectories')[0]
$null = [System.IO.Directory]::CreateDirectory($work)

function Assert-Success([string] $What, $Output) {
    if ($LASTEXITCODE -ne 0) { throw "$What failed with exit code ${LASTEXITCODE}: $Output" }
}

function Reset-Engine([string] $Name, $Hosts) {
    foreach ($labHost in $Hosts) {
        $null = & $lab exec --name $Name $labHost.GetProperty('name').GetString() -- sh -c 'docker swarm leave --force; nft delete table inet swarmops; rm -f /etc/systemd/system/swarmops*; true' 2>&1
    }
}

function Measure-Program([string] $Program, [string[]] $Arguments) {
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $output = & $Program @Arguments 2>&1
    Assert-Success $Program "$output"
    [pscustomobject]@{ Seconds = $clock.Elapsed.TotalSeconds; Output = if ($output) { [string] @($output)[-1] } else { "" } }
}

foreach ($milliseconds in $Delay) {
    $name = "bench$milliseconds"
    try {
        $up = Measure-Program $lab @('up', '--name', $name, '--delay', "$milliseconds", '--delay-admin', "$milliseconds")
        $json = [string]::Join("`n", (& $lab status --name $name --json))
        $statusPath = [System.IO.Path]::Combine($work, "$name.json")
        [System.IO.File]::WriteAllText($statusPath, $json)
        $status = [System.Text.Json.JsonDocument]::Parse($json).RootElement
        $hosts = @($status.GetProperty('hosts').EnumerateArray())

        # The docker CLI finds ssh on PATH: one that knows the lab's key and keeps its connections open, as a careful admin's does.
        $sshFolder = [System.IO.Path]::Combine($work, 'ssh')
        $null = [System.IO.Directory]::CreateDirectory($sshFolder)
        $ssh = [System.IO.Path]::Combine($sshFolder, 'ssh')
        [System.IO.File]::WriteAllText($ssh, "#!/bin/sh`nexec /usr/bin/ssh -F '$($status.GetProperty('sshConfigFile').GetString())' -o ControlMaster=auto -o ControlPath=/run/swarmops-lab/$name/%C -o ControlPersist=60 `"`$@`"`n")
        [System.IO.File]::SetUnixFileMode($ssh, [System.IO.UnixFileMode]'UserRead, UserWrite, UserExecute')
        $words = { param($Endpoint) foreach ($labHost in $hosts) {
                [string]::Join(',', (& $Endpoint $labHost), $labHost.GetProperty('name').GetString(), $labHost.GetProperty('region').GetString(), $labHost.GetProperty('publicAddress').GetString(), $labHost.GetProperty('privateAddress').GetString())
            } }
        $byHand = [System.IO.Path]::Combine($PSScriptRoot, 'by-hand.sh')
        $overSsh = & $words { param($LabHost) "ssh://root@$($LabHost.GetProperty('publicAddress').GetString())" }
        $overSocket = & $words { param($LabHost) "unix://$($LabHost.GetProperty('dockerSocket').GetString())" }
        $swarmOps = 'exec', $hostProgram, '-File', ([System.IO.Path]::Combine($PSScriptRoot, 'lib', 'swarmops.ps1')), '-Module', $module, '-StatusPath', $statusPath
        $cli = [System.IO.Path]::GetDirectoryName($status.GetProperty('dockerCli').GetString())

        $contenders = [ordered]@{
            'SwarmOps over ssh'           = { Measure-Program dotnet $swarmOps }
            'docker CLI over ssh'         = { $path = $env:PATH; try { $env:PATH = "${sshFolder}:${cli}:$path"; Measure-Program $byHand $overSsh } finally { $env:PATH = $path } }
            'SwarmOps over local sockets' = { Measure-Program dotnet ($swarmOps + '-LocalSocket') }
            'docker CLI over local sockets' = { $path = $env:PATH; try { $env:PATH = "${cli}:$path"; Measure-Program $byHand $overSocket } finally { $env:PATH = $path } }
        }
        $seconds = @{}
        $inside = @{}
        foreach ($round in 1..$Rounds) {
            foreach ($contender in $contenders.Keys) {
                Reset-Engine $name $hosts
                $result = & $contenders[$contender]
                $seconds[$contender] = @($seconds[$contender]) + $result.Seconds
                if ($contender.StartsWith('SwarmOps')) { $inside[$contender] = @($inside[$contender]) + , $result.Output.Split(' ') }
            }
        }

        "Round trip between regions and to them: $milliseconds ms. Median of $Rounds rounds, whole process."
        foreach ($contender in $contenders.Keys) {
            $median = Get-Median @($seconds[$contender] | Where-Object { $null -ne $_ })
            $detail = ''
            if ($inside[$contender]) {
                $runs = @($inside[$contender] | Where-Object { $null -ne $_ })
                $detail = '(pipeline {0} s, import {1} ms, working set {2} MB)' -f (Get-Median ([double[]] @($runs | ForEach-Object { [double]::Parse($_[0], $invariant) }))).ToString('0.0', $invariant), (Get-Median ([double[]] @($runs | ForEach-Object { $_[1] }))), (Get-Median ([double[]] @($runs | ForEach-Object { $_[2] })))
            }
            '{0,-30} {1,6} s  {2}' -f $contender, $median.ToString('0.0', $invariant), $detail
        }
        $down = Measure-Program $lab @('down', '--name', $name)
        "Lab of three hosts: up in $($up.Seconds.ToString('0.0', $invariant)) s, down in $($down.Seconds.ToString('0.0', $invariant)) s.`n"
    }
    finally {
        $null = & $lab down --name $name 2>&1
    }
}
