# What the tests of managers and members share: the module, the lab's hosts as nodes, and a swarm made of them.
Import-Module $env:SWARMOPS_MODULE -Force
$lab = Get-Content -Raw $env:SWARMOPS_LAB_JSON | ConvertFrom-Json
$nodes = @($lab.hosts | ForEach-Object {
    New-SwarmNode -Name $_.name -Region $_.region -PublicAddress $_.publicAddress -PrivateAddress $_.privateAddress -User $_.user -Port $_.sshPort -KeyFilePath $_.keyFile -HostKeyFingerprint $_.hostKeyFingerprint
})

# Bare engines, whatever ran before.
function Clear-TestSwarm {
    $nodes | Remove-SwarmNode -Force -RestartEngine -Confirm:$false -TimeoutSeconds 20
}

# A swarm of all hosts: the first is its manager, or so many are.
function New-TestSwarm([int] $ManagerCount = 1) {
    Clear-TestSwarm
    $made = $nodes | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest
    if ($ManagerCount -gt 1) { $made | Step-SwarmPromotion -ManagerCount $ManagerCount } else { $made }
}
