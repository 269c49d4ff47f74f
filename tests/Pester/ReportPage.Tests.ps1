# The page of Export-SwarmReport in a real browser: 3, 30 and 100 nodes, light, dark, on a phone and on A4. tests/Report/browse.mjs says what must hold; its pictures stay in
# artifacts/test-results/reports. Needs no hosts.
BeforeDiscovery {
    $long = $env:SWARMOPS_LONG -eq 'all'
}

Describe 'The page of a report' -Tag Nightly -Skip:(-not $long) {
    It 'opens in a browser as it must' {
        $root = (Resolve-Path (Join-Path $PSScriptRoot ../..)).Path
        $said = & (Join-Path $root tests Report look) (Join-Path $root artifacts test-results reports) 2>&1 | ForEach-Object { "$_" }
        $LASTEXITCODE | Should -Be 0 -Because ($said -join "`n")
    }
}
