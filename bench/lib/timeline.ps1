# When the engines did what: their own events, which no cmdlet can colour.

# Begins to listen to all engines of a lab. Stop-Timeline ends it.
function Start-Timeline([object] $Status) {
    $filters = 'type=container', 'type=service', 'event=create', 'event=start', 'event=health_status', 'event=die', 'event=update', 'event=remove' | ForEach-Object { '--filter', $_ }
    $format = '{{.TimeNano}} {{.Type}} {{.Action}} {{if eq .Type "container"}}{{index .Actor.Attributes "com.docker.swarm.service.name"}}{{else}}{{.Actor.Attributes.name}}{{end}}'
    $listeners = foreach ($labHost in $Status.hosts) {
        $file = Join-Path $work "events-$($labHost.name)"
        $start = [System.Diagnostics.ProcessStartInfo]::new('/bin/sh')
        foreach ($word in @('-c', 'file=$1; shift; exec "$@" >"$file" 2>&1', 'sh', $file, $Status.dockerCli, '-H', "unix://$($labHost.dockerSocket)", 'events', '--format', $format) + $filters) { $start.ArgumentList.Add($word) }
        [pscustomobject]@{ Node = $labHost.name; File = $file; Process = [System.Diagnostics.Process]::Start($start) }
    }
    Start-Sleep -Milliseconds 300
    [pscustomobject]@{ Begun = [datetime]::UtcNow; Listeners = @($listeners) }
}

# What has happened since, in order: At (seconds), Node, What. Of the members of a swarm each manager tells of the same service: once is enough.
function Stop-Timeline([object] $Timeline) {
    $begun = ($Timeline.Begun - [datetime]::UnixEpoch).Ticks
    $events = foreach ($listener in $Timeline.Listeners) {
        if (-not $listener.Process.HasExited) { $listener.Process.Kill() }
        $listener.Process.WaitForExit()
        foreach ($line in Get-Content $listener.File) {
            if ($line -match '^(\d+) (container|service) (.+)$') {
                [pscustomobject]@{ At = ([long] $Matches[1] / 100 - $begun) / 1e7; Node = if ($Matches[2] -eq 'service') { 'swarm' } else { $listener.Node }; What = "$($Matches[2]) $($Matches[3].Trim())" }
            }
        }
    }
    $events | Where-Object At -ge 0 | Sort-Object At | Group-Object { if ($_.Node -eq 'swarm') { "$($_.What) $([System.Math]::Round($_.At, 1))" } else { [guid]::NewGuid() } } |
        ForEach-Object { $_.Group[0] } | Sort-Object At
}
