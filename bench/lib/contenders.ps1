# Those that form a swarm on bare engines, each as a process of its own. Each gives Seconds (its whole process) and Stages, the seconds of each stage; SwarmOps and
# the limit also Pipeline, the seconds within the process. What a stage's clock does not see, such as the start of the program, is the rest of Seconds.

# Compiles the limit program, and gives the path of what `dotnet exec` runs.
function Build-Limit {
    & dotnet build (Join-Path $root bench limit Limit.csproj) --configuration Release --verbosity quiet -nologo -tl:off -clp:NoSummary | Out-Default
    if ($LASTEXITCODE -ne 0) { throw "The limit program could not be compiled." }
    Join-Path $root artifacts bin Limit release Limit.dll
}

# One word a node, as by-hand.sh and the limit program take them.
function Get-NodeWord([object] $Status, [string] $Way) {
    foreach ($labHost in $Status.hosts) {
        $address = if ($Way -eq 'socket') { "unix://$($labHost.dockerSocket)" } else { "ssh://root@$($labHost.publicAddress)" }
        $address, $labHost.name, $labHost.region, $labHost.publicAddress, $labHost.privateAddress -join ','
    }
}

function Measure-Limit([object] $Status, [int] $ManagerCount, [string] $Limit) {
    $run = Measure-Program dotnet (@('exec', $Limit, "$ManagerCount") + (Get-NodeWord $Status socket))
    $told = $run.LastLine | ConvertFrom-Json
    [pscustomobject]@{ Seconds = $run.Seconds; Pipeline = $told.seconds; Stages = $told.stages; Managers = $told.managers }
}

function Measure-SwarmOps([object] $Status, [int] $ManagerCount, [string] $Way, [string[]] $More = @()) {
    $arguments = '-NoProfile', '-NonInteractive', '-File', (Join-Path $PSScriptRoot swarmops.ps1), '-Module', $env:SWARMOPS_MODULE, '-StatusPath', $Status.StatusPath, '-ManagerCount', "$ManagerCount"
    if ($Way -eq 'socket') { $arguments += '-LocalSocket' }
    $run = Measure-Program $env:SWARMOPS_PWSH ($arguments + $More)
    $told = $run.LastLine | ConvertFrom-Json
    $told | Add-Member Seconds $run.Seconds -PassThru
}

function Measure-DockerCli([object] $Status, [int] $ManagerCount, [string] $Way) {
    $control = New-ControlFolder
    try {
        $path = @(if ($Way -eq 'ssh') { New-SshFolder $Status }; Split-Path $Status.dockerCli; $env:PATH) -join ':'
        $run = Measure-Program (Join-Path $root bench by-hand.sh) (@("$ManagerCount") + (Get-NodeWord $Status $Way)) @{ PATH = $path; BENCH_SSH_CONTROL = $control }
        [pscustomobject]@{ Seconds = $run.Seconds; Stages = $run.LastLine | ConvertFrom-Json }
    }
    finally {
        Remove-ControlFolder $control
    }
}

# Ansible comes from Debian; its modules run on this machine, or on the hosts over ssh, where they need Python and Docker's package for it.
function Install-Ansible {
    & $lab deps ansible python3-docker | Out-Default
    if ($LASTEXITCODE -ne 0) { throw "Ansible could not be installed: 'lab deps' failed with exit code $LASTEXITCODE." }
}

function Install-AnsibleOnHost([object] $Status) {
    $failed = $Status.hosts | ForEach-Object -ThrottleLimit 3 -Parallel {
        $output = & $using:lab exec --name $using:Status.name $_.name -- apt-get install -y --no-install-recommends python3 python3-docker 2>&1
        if ($LASTEXITCODE -ne 0) { "$($_.name): $($output | Select-Object -Last 3)" }
    }
    if ($failed) { throw "python3-docker could not be installed on the hosts: $($failed -join '; ')" }
}

function Measure-Ansible([object] $Status, [int] $ManagerCount, [string] $Way) {
    $control = New-ControlFolder
    try {
        $inventory = Join-Path $work "inventory-$Way.json"
        New-AnsibleInventory $Status $ManagerCount $Way $control | ConvertTo-Json -Depth 6 | Set-Content $inventory
        $environment = @{ ANSIBLE_CONFIG = Join-Path $root bench ansible ansible.cfg; ANSIBLE_LOCAL_TEMP = Join-Path $control temp; ANSIBLE_NOCOLOR = '1'; LC_ALL = 'C.UTF-8' }
        $run = Measure-Program /usr/bin/ansible-playbook @('-i', $inventory, (Join-Path $root bench ansible form.yml)) $environment
        [pscustomobject]@{ Seconds = $run.Seconds; Stages = Read-AnsibleStage $run.Output }
    }
    finally {
        # What is left of it besides sockets.
        Remove-Item (Join-Path $control temp) -Recurse -Force -ErrorAction Ignore
        Remove-ControlFolder $control
    }
}

function New-AnsibleInventory([object] $Status, [int] $ManagerCount, [string] $Way, [string] $Control) {
    $describe = {
        param($hosts)
        $all = [ordered] @{}
        foreach ($labHost in $hosts) {
            $all[$labHost.name] = @{ region = $labHost.region; public_address = $labHost.publicAddress; private_address = $labHost.privateAddress } + $(
                if ($Way -eq 'socket') { @{ ansible_connection = 'local'; docker_host = "unix://$($labHost.dockerSocket)" } }
                else { @{ ansible_connection = 'ssh'; ansible_host = $labHost.publicAddress; ansible_user = 'root'; docker_host = 'unix:///var/run/docker.sock' } }
            )
        }
        @{ hosts = $all }
    }
    $others = @($Status.hosts | Select-Object -Skip 1)
    @{
        all = @{
            vars = @{
                ansible_python_interpreter = '/usr/bin/python3'
                ansible_control_path = "$Control/%%C"
                ansible_ssh_common_args = "-F '$($Status.sshConfigFile)'"
                ansible_ssh_args = '-o ControlMaster=auto -o ControlPersist=60s'
            }
            children = @{
                first = & $describe @($Status.hosts[0])
                others = & $describe $others
                promoted = & $describe @($others | Select-Object -First ($ManagerCount - 1))
            }
        }
    }
}

# Each task's name begins with its stage; the line that follows it has the time since the start of the play, such as '(0:00:00.512)       0:00:01.337'.
function Read-AnsibleStage([string] $Output) {
    $begins = [ordered] @{}
    $stage = $null
    $end = 0.0
    foreach ($line in $Output -split "`n") {
        if ($line -match '^TASK \[(\w+): ') { $stage = $Matches[1] }
        if ($line -match '\(\d+:\d+:\d+\.\d+\)\s+(\d+):(\d+):(\d+\.\d+)') {
            $end = [int] $Matches[1] * 3600 + [int] $Matches[2] * 60 + [double]::Parse($Matches[3], [cultureinfo]::InvariantCulture)
            if ($stage -and -not $begins.Contains($stage)) { $begins[$stage] = $end }
        }
    }
    $names = @($begins.Keys)
    $seconds = [ordered] @{}
    for ($index = 0; $index -lt $names.Count; $index++) {
        $seconds[$names[$index]] = $(if ($index + 1 -lt $names.Count) { $begins[$names[$index + 1]] } else { $end }) - $begins[$names[$index]]
    }
    [pscustomobject] $seconds
}
