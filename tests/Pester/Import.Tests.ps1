# What an import brings into a session, and what it leaves for the cmdlets that need it. Each in a PowerShell of its own: this one has used the module.
BeforeAll {
    $program = $env:SWARMOPS_PWSH ?? 'pwsh'

    # The module's assemblies that a session has loaded after some lines.
    function Get-LoadedAssembly([string] $Line) {
        $report = '[System.AppDomain]::CurrentDomain.GetAssemblies().Where({ $_.Location -like "*isolated*" }).ForEach({ $_.GetName().Name }) -join " "'
        $output = & $program -NoProfile -NonInteractive -Command "Import-Module '$env:SWARMOPS_MODULE'; $Line; $report"
        "$(@($output)[-1])".Split(' ')
    }
}

Describe 'Import-Module SwarmOps' {
    It 'loads no package' {
        Get-LoadedAssembly '' | Should -Be 'SwarmOps.Cmdlets'
    }

    It 'loads no package for a node that is only described' {
        Get-LoadedAssembly '$null = New-SwarmNode -Name a -DockerHost unix:///nonexistent/docker.sock' | Should -Be 'SwarmOps.Cmdlets'
    }

    It 'loads nothing of AWS for an engine' {
        $loaded = Get-LoadedAssembly 'try { Get-SwarmNode (New-SwarmNode -Name a -DockerHost unix:///nonexistent/docker.sock) -TimeoutSeconds 1 } catch { }'

        $loaded | Should -Contain 'Docker.DotNet'
        $loaded | Where-Object { $_ -match '^(AWSSDK|BouncyCastle)' } | Should -BeNullOrEmpty
    }

    It 'exports every cmdlet of the manifest at the first import, at a forced one, after a removal and in another runspace' {
        $script = "Import-Module '$env:SWARMOPS_MODULE'; (Get-Command -Module SwarmOps).Count
            Import-Module '$env:SWARMOPS_MODULE' -Force; (Get-Command -Module SwarmOps).Count
            Remove-Module SwarmOps; Import-Module '$env:SWARMOPS_MODULE'; (Get-Command -Module SwarmOps).Count
            Start-ThreadJob { Import-Module '$env:SWARMOPS_MODULE'; (Get-Command -Module SwarmOps).Count } | Receive-Job -Wait"
        $count = (Import-PowerShellDataFile $env:SWARMOPS_MODULE).CmdletsToExport.Count

        & $program -NoProfile -NonInteractive -Command $script | Should -Be (@($count) * 4)
    }
}
