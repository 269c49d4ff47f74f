# The labs of the benchmarks: up, as the contenders see them, and what became of one.

# Brings up a lab of hosts in three regions, and gives what `lab status` says of it. The path of that is in StatusPath. One that is up already, which steps of a whole run share, is made bare.
function Start-BenchLab([string] $Name, [int] $Nodes = 3, [int] $Delay = 0, [string[]] $More = @()) {
    & $lab up --name $Name --hosts-per-region ([int] [System.Math]::Ceiling($Nodes / 3)) --delay $Delay --delay-admin $Delay @More | Out-Default
    if ($LASTEXITCODE -ne 0) { throw "'lab up' failed with exit code $LASTEXITCODE." }
    $path = Join-Path $work "$Name.json"
    & $lab status --name $Name --json | Set-Content $path
    if ($LASTEXITCODE -ne 0) { throw "'lab status' failed with exit code $LASTEXITCODE." }
    $status = Get-Content $path -Raw | ConvertFrom-Json
    if ($status.hosts.Count -lt $Nodes) { throw "The lab '$Name' is up with $($status.hosts.Count) hosts, and $Nodes are needed." }
    Reset-Engine $Name $status.hosts
    # Regions take turns, so that the first hosts are spread over them, as managers should be. A lab may have more than are asked for.
    $hosts = @($status.hosts | Group-Object region | ForEach-Object { $place = 0; $_.Group | ForEach-Object { [pscustomobject]@{ Place = $place++; Host = $_ } } } | Sort-Object Place -Stable | ForEach-Object Host)
    $status.hosts = @($hosts | Select-Object -First $Nodes)
    $status | ConvertTo-Json -Depth 5 | Set-Content $path
    $status | Add-Member StatusPath $path -PassThru
}

function Stop-BenchLab([string] $Name) {
    & $lab down --name $Name | Out-Default
}

# Runs a script of bash on hosts, on all at once, and gives what each has written: Host, Text. By processes: -Parallel makes a runspace for each host.
function Invoke-OnHost([string] $Name, [object[]] $Hosts, [string] $Script) {
    $processes = @(foreach ($labHost in $Hosts) {
            $start = [System.Diagnostics.ProcessStartInfo]::new('/bin/sh')
            $start.RedirectStandardOutput = $true
            foreach ($word in '-c', 'exec "$@" </dev/null 2>&1', 'sh', $lab, 'exec', '--name', $Name, $labHost.name, '--', 'bash', '-c', $Script) { $start.ArgumentList.Add($word) }
            [System.Diagnostics.Process]::Start($start)
        })
    for ($place = 0; $place -lt $processes.Count; $place++) {
        $lines = @($processes[$place].StandardOutput.ReadToEnd() -split "`n" | Where-Object { $_ })
        $processes[$place].WaitForExit()
        $processes[$place].Dispose()
        [pscustomobject]@{ Host = $Hosts[$place]; Text = $lines -join ', ' }
    }
}

# The lab's own ssh, on a PATH of its own: it knows the lab's key, and keeps its connections open as a careful admin's does. Each run gets a folder of its own for them, and so opens them itself.
function New-SshFolder([object] $Status) {
    $folder = Join-Path $work ssh
    $ssh = Join-Path $folder ssh
    $null = New-Item -ItemType Directory -Path $folder -Force
    Set-Content $ssh "#!/bin/sh`nexec /usr/bin/ssh -F '$($Status.sshConfigFile)' -o ControlMaster=auto -o ControlPath=`"`$BENCH_SSH_CONTROL/%C`" -o ControlPersist=60 `"`$@`""
    chmod u+x $ssh
    $folder
}

# The path is short: a socket's must have at most 107 characters.
function New-ControlFolder {
    $folder = "/run/swarmops-bench-$PID-$([guid]::NewGuid().ToString('N').Substring(0, 6))"
    $null = New-Item -ItemType Directory -Path $folder
    $folder
}

# Ends the connections that a run has left open.
function Remove-ControlFolder([string] $Folder) {
    foreach ($socket in Get-ChildItem -LiteralPath $Folder -Force) {
        $null = & /usr/bin/ssh -o "ControlPath=$($socket.FullName)" -O exit nobody 2>&1
    }
    Remove-Item -LiteralPath $Folder -Recurse -Force
}

# That a contender has done what it says: all nodes ready, as many managers as were asked for, the overlay there and encrypted. Asked of the engine, by the docker CLI.
function Assert-Formed([object] $Status, [int] $ManagerCount) {
    $engine = "unix://$($Status.hosts[0].dockerSocket)"
    $nodes = @(& $Status.dockerCli -H $engine node ls --format '{{.Status}} {{.ManagerStatus}}')
    $ready = @($nodes -like 'Ready*').Count
    $managers = @($nodes -match 'Leader|Reachable').Count
    $encrypted = & $Status.dockerCli -H $engine network inspect -f '{{.Driver}} {{with .Options}}{{range $key, $value := .}}{{$key}} {{end}}{{end}}' internal
    if ($ready -ne $Status.hosts.Count -or $managers -ne $ManagerCount -or "$encrypted" -notmatch '^overlay .*\bencrypted\b') {
        throw "The swarm is not as asked for: $ready of $($Status.hosts.Count) nodes ready, $managers of $ManagerCount managers, overlay '$encrypted'."
    }
}
