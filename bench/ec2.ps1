# New-SwarmRegionNode on the lab's EC2, whose instances are hosts of this machine: seconds from the command to the first and the last node with a running
# engine, and EC2's calls, for one region, three and ten. Where all hosts share this machine's processors ten first boots cost what they cost: the seconds
# of processor time that the hosts used, over the number of processors, are the least that any tool needs here. Needs root and moto, as `lab up --ec2` does.
param(
    # One: ten first boots on two processors take more than a minute.
    [int] $Rounds = 1,
    [string[]] $Region = @('eu-central-1', 'us-east-1', 'us-west-1', 'us-west-2', 'us-east-2', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'sa-east-1', 'ca-central-1'),
    [int[]] $Count = @(1, 3, 10)
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/lib/common.ps1
$name = 'benchec2'
$key = Join-Path $work ec2 key
Remove-Item (Split-Path $key) -Recurse -Force -ErrorAction Ignore
$null = New-Item -ItemType Directory -Path (Split-Path $key)

# What the lab's hosts, and its EC2 endpoint, have used: by its control group, version 2 or 1.
function Get-ProcessorTime {
    foreach ($line in Get-Content "/sys/fs/cgroup/swarmops-lab/$name/cpu.stat" -ErrorAction Ignore) {
        if ($line -match '^usage_usec (\d+)') { return [long] $Matches[1] / 1e6 }
    }
    foreach ($line in Get-Content "/sys/fs/cgroup/cpuacct/swarmops-lab/$name/cpuacct.usage" -ErrorAction Ignore) {
        return [long] $line / 1e9
    }
    return 0
}

# One line of -Verbose a region: 'AWS calls in REGION: TOTAL (ACTION N, ...)'.
function Read-Call([string[]] $Lines, [string[]] $Regions) {
    $own = 0
    $waiting = 0
    $others = 0
    foreach ($line in $Lines) {
        if ($line -match '^AWS calls in ([a-z0-9-]+): (\d+) \(') {
            $total = [int] $Matches[2]
            if ($Matches[1] -in $Regions) {
                $own += $total
                foreach ($action in 'ec2:DescribeInstances', 'ec2:GetConsoleOutput') {
                    if ($line -match "$action (\d+)") { $waiting += [int] $Matches[1] }
                }
            }
            else {
                $others += $total
            }
        }
    }
    [pscustomobject]@{ Own = $own; Waiting = $waiting; Others = $others }
}

try {
    & $lab up --name $name --ec2 | Out-Default
    if ($LASTEXITCODE -ne 0) { throw "'lab up --ec2' failed with exit code $LASTEXITCODE." }
    $status = & $lab status --name $name --json | ConvertFrom-Json
    $aws = @{ EndpointUrl = $status.ec2EndpointUrl; AccessKey = 'bench'; SecretKey = 'bench' }
    Import-Module $env:SWARMOPS_MODULE

    $saved = foreach ($number in $Count) {
        $regions = $Region[0..($number - 1)]
        $runs = for ($round = 1; $round -le $Rounds; $round++) {
            $spent = Get-ProcessorTime
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            $out = New-SwarmRegionNode -Cluster bench -Region $regions -AllowSshFrom $status.adminAddress @aws -KeyFilePath $key -Verbose 4>&1 |
                ForEach-Object { [pscustomobject]@{ At = $clock.Elapsed.TotalSeconds; Item = $_ } }
            $spent = (Get-ProcessorTime) - $spent
            $nodes = @($out | Where-Object { $_.Item -is [SwarmOps.SwarmNode] })
            if ($nodes.Count -ne $number) { throw "$($nodes.Count) of $number nodes came." }
            $calls = Read-Call @($out | Where-Object { $_.Item -isnot [SwarmOps.SwarmNode] } | ForEach-Object { "$($_.Item)" }) $regions
            $clock.Restart()
            $lines = @(New-SwarmRegionNode -Cluster bench -Region $regions @aws -KeyFilePath $key -Verbose 4>&1 | ForEach-Object { "$_" })
            $again = $clock.Elapsed.TotalSeconds
            $againCalls = Read-Call $lines $regions
            $clock.Restart()
            $lines = @(Remove-SwarmRegionNode -Cluster bench @aws -KeyFilePath $key -Confirm:$false -Verbose 4>&1 | ForEach-Object { "$_" })
            $removed = $clock.Elapsed.TotalSeconds
            $removedCalls = Read-Call $lines $regions
            [pscustomobject]@{ First = $nodes[0].At; Last = $nodes[-1].At; Processor = $spent; Again = $again; Removed = $removed; Own = $calls.Own; AgainOwn = $againCalls.Own; RemovedOwn = $removedCalls.Own; Waiting = $calls.Waiting; Others = $calls.Others }
        }
        $median = @{}
        foreach ($what in 'First', 'Last', 'Processor', 'Again', 'Removed', 'Own', 'Waiting', 'Others', 'AgainOwn', 'RemovedOwn') {
            $median[$what] = Get-Median $runs.$what
        }
        Write-Host ('{0,2} regions: first node {1} s, last {2} s ({3} s of processor time of its hosts, on {4} processors); the same again {5} s; removed {6} s' -f $number, (Format-Number $median.First),
            (Format-Number $median.Last), (Format-Number $median.Processor), [System.Environment]::ProcessorCount, (Format-Number $median.Again), (Format-Number $median.Removed))
        Write-Host ('            EC2 calls a node and region: {0}, {1} of them to see how far it is; {2} in all regions that were only looked at; the same again {3}; removed {4}' -f (Format-Number ($median.Own / $number)),
            (Format-Number ($median.Waiting / $number)), $median.Others, (Format-Number ($median.AgainOwn / $number)), (Format-Number ($median.RemovedOwn / $number)))
        [ordered] @{ Regions = $number; First = $median.First; Last = $median.Last; Processor = $median.Processor; Again = $median.Again; Removed = $median.Removed; CallsEach = $median.Own / $number; AgainCallsEach = $median.AgainOwn / $number; RemovedCallsEach = $median.RemovedOwn / $number }
    }
    Save-Result 'ec2' 'the hosts'' own 20.10' @{ Rounds = $Rounds; Sets = @($saved) }
}
finally {
    & $lab down --name $name | Out-Default
}
