# From bare engines to three reachable managers and an encrypted overlay: SwarmOps beside a plain script over the docker CLI (by-hand.sh),
# on the same lab, taking turns, with no delay and with 80 ms between regions. Needs root, as the lab does.
param(
    [int] $Rounds = 3,
    [int[]] $Delay = @(0, 80)
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/lib/common.ps1

function Assert-Success([string] $What, $Output) {
    if ($LASTEXITCODE -ne 0) { throw "$What failed with exit code ${LASTEXITCODE}: $Output" }
}

function Reset-Engine([string] $Name, $Hosts) {
    foreach ($labHost in $Hosts) {
        $null = & $lab exec --name $Name $labHost.name -- sh -c 'docker swarm leave --force; nft delete table inet swarmops; rm -f /etc/systemd/system/swarmops*; true' 2>&1
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
        $statusPath = Save-LabStatus $name
        $status = Get-Content $statusPath -Raw | ConvertFrom-Json
        $hosts = $status.hosts

        $sshFolder = New-SshFolder $status
        $byHand = Join-Path $PSScriptRoot by-hand.sh
        $overSsh = $hosts | ForEach-Object { "ssh://root@$($_.publicAddress)", $_.name, $_.region, $_.publicAddress, $_.privateAddress -join ',' }
        $overSocket = $hosts | ForEach-Object { "unix://$($_.dockerSocket)", $_.name, $_.region, $_.publicAddress, $_.privateAddress -join ',' }
        $swarmOps = '-NoProfile', '-NonInteractive', '-File', (Join-Path $PSScriptRoot lib swarmops.ps1), '-Module', $env:SWARMOPS_MODULE, '-StatusPath', $statusPath
        $cli = Split-Path $status.dockerCli

        $contenders = [ordered]@{
            'SwarmOps over ssh'           = { Measure-Program $env:SWARMOPS_PWSH $swarmOps }
            'docker CLI over ssh'         = { $path = $env:PATH; try { $env:PATH = "${sshFolder}:${cli}:$path"; Measure-Program $byHand $overSsh } finally { $env:PATH = $path } }
            'SwarmOps over local sockets' = { Measure-Program $env:SWARMOPS_PWSH ($swarmOps + '-LocalSocket') }
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
                $detail = '(pipeline {0} s, import {1} ms, working set {2} MB)' -f (Format-Number (Get-Median ($runs | ForEach-Object { $_[0] }))), (Get-Median ($runs | ForEach-Object { $_[1] })), (Get-Median ($runs | ForEach-Object { $_[2] }))
            }
            '{0,-30} {1,6} s  {2}' -f $contender, (Format-Number $median), $detail
        }
        $down = Measure-Program $lab @('down', '--name', $name)
        "Lab of three hosts: up in $(Format-Number $up.Seconds) s, down in $(Format-Number $down.Seconds) s.`n"
    }
    finally {
        $null = & $lab down --name $name 2>&1
    }
}
