BeforeAll {
    . $PSScriptRoot/TestLab.ps1
    $examples = Join-Path $PSScriptRoot ../../examples
    $rows = $nodes | Select-Object Name, Region, PublicAddress, PrivateAddress, User, KeyFilePath, HostKeyFingerprint

    # Another runspace of this process, as jobs of Azure Automation share one.
    function Start-Runbook([hashtable] $Arguments) {
        $shell = [powershell]::Create()
        $null = $shell.AddCommand((Join-Path $examples azure-runbook.ps1)).AddParameters($Arguments)
        [pscustomobject]@{ Shell = $shell; Handle = $shell.BeginInvoke() }
    }

    function Invoke-Maintenance([string] $Path) {
        & ($env:SWARMOPS_PWSH ?? 'pwsh') -NoProfile -NonInteractive -File (Join-Path $examples maintenance.ps1) -Path $Path -Module $env:SWARMOPS_MODULE 2>&1 | ForEach-Object { "$_" }
    }
}

Describe 'examples' {
    It 'inventory.ps1 makes a swarm from a spreadsheet' {
        $path = Join-Path $TestDrive fleet.csv
        $rows | Export-Csv $path
        $overlay, $swarm = & (Join-Path $examples inventory.ps1) -Path $path -Module $env:SWARMOPS_MODULE
        $overlay.Name | Should -Be 'internal'
        $overlay.Nodes | Should -HaveCount $nodes.Count
        $swarm.ReachableManagerCount | Should -Be 3
    }

    It 'azure-runbook.ps1 does so twice in one process, with the key as text' {
        $key = [securestring]::new()
        foreach ($character in [System.IO.File]::ReadAllText($nodes[0].KeyFilePath).ToCharArray()) { $key.AppendChar($character) }
        $inventory = $rows | Select-Object -ExcludeProperty KeyFilePath | ConvertTo-Json
        $jobs = 1, 2 | ForEach-Object { Start-Runbook @{ Inventory = $inventory; PrivateKey = $key; Module = $env:SWARMOPS_MODULE } }
        $results = foreach ($job in $jobs) { $job.Shell.EndInvoke($job.Handle); $job.Shell.Streams.Error | Should -BeNullOrEmpty; $job.Shell.Dispose() }
        $results | Should -HaveCount 2
        $results.Managers | Should -Be 3, 3
        $results[0].Overlay | Should -Be $results[1].Overlay
        $results | ConvertTo-Json -Depth 5 | Should -Not -Match 'PRIVATE KEY'
    }

    It 'azure-runbook.ps1 ends with an error that says what to do' {
        $inventory = $rows | Select-Object -ExcludeProperty KeyFilePath | ConvertTo-Json
        $job = Start-Runbook @{ Inventory = $inventory; PrivateKey = [securestring]::new(); Module = $env:SWARMOPS_MODULE }
        { $job.Shell.EndInvoke($job.Handle) } | Should -Throw -ExpectedMessage '*No SSH key or password*Specify one: New-SwarmNode*'
        $job.Shell.Dispose()
    }

    It 'maintenance.ps1 exits with 0 when all is well' {
        $path = Join-Path $TestDrive fleet.json
        $nodes | ConvertTo-Json | Set-Content $path
        Invoke-Maintenance $path | Should -Match 'nodes ready'
        $LASTEXITCODE | Should -Be 0
    }

    It 'maintenance.ps1 exits with 1 and says what to do when a node refuses' {
        $path = Join-Path $TestDrive wrong.json
        $wrong = $nodes[2] | New-SwarmNode -HostKeyFingerprint $nodes[0].HostKeyFingerprint
        $nodes[0], $nodes[1], $wrong | ConvertTo-Json | Set-Content $path
        Invoke-Maintenance $path | Out-String | Should -Match 'HostKeyMismatch'
        $LASTEXITCODE | Should -Be 1
    }
}
