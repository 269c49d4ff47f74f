# What the files of tests on a lab share: the session, the lab's hosts as nodes, and swarms made of them. Dot-sourced once in a file, which then begins
# with bare engines, whatever ran on the lab before.
. $PSScriptRoot/TestSession.ps1
. $PSScriptRoot/../../lab/nodes.ps1
$labCommand = Join-Path $PSScriptRoot .. .. lab lab
$lab = Get-Content -Raw $env:SWARMOPS_LAB_JSON | ConvertFrom-Json
$nodes = @(Get-LabNode $env:SWARMOPS_LAB_JSON)

# Bare engines without faults between them: what is in a swarm leaves nothing of it.
function Reset-TestLab {
    $null = & $labCommand fault heal --name $lab.name
    $reset = Get-Content -Raw (Join-Path $PSScriptRoot .. reset-engine.sh)
    $failed = $lab.hosts.name | ForEach-Object -ThrottleLimit 8 -Parallel {
        $said = & $using:labCommand exec --name ($using:lab).name $_ -- sh -c $using:reset 2>&1
        if ($LASTEXITCODE -ne 0) { "${_}: $said" }
    }
    if ($failed) { throw "Engines could not be made bare: $failed" }
}

# A swarm of all hosts, whose engines are bare: the first is its manager, or so many are.
function New-TestSwarm([int] $ManagerCount = 1) {
    $made = $nodes | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest
    if ($ManagerCount -gt 1) { $made | Step-SwarmPromotion -ManagerCount $ManagerCount } else { $made }
}

Reset-TestLab
