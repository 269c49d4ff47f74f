namespace SwarmOps.Tests.Walk;

/// <summary>Makes faults, and takes them back.</summary>
internal sealed class FaultMaker(WalkLab lab, Report report)
{
    private const string StartEngine = "systemctl reset-failed docker docker.socket; timeout 50 systemctl start docker.socket docker; true";

    private static readonly TimeSpan LooksDead = TimeSpan.FromSeconds(100);

    /// <summary>Makes it.</summary>
    public async Task MakeAsync(Fault fault)
    {
        var host = lab.Hosts[fault.Host];
        switch (fault.Kind)
        {
            case FaultKind.Reboot:
                await lab.RunAsync("host", "reboot", host.Name);
                break;
            case FaultKind.HardReboot:
                await lab.RunAsync("host", "reboot", host.Name, "--hard");
                break;
            case FaultKind.PowerOff:
                await lab.RunAsync("host", "stop", host.Name, "--hard");
                break;
            case FaultKind.EngineKilled:
                await lab.ExecAsync(host, "systemctl kill -s KILL docker; systemctl stop docker.socket docker");
                break;
            case FaultKind.Cut:
                await lab.RunAsync(["fault", "cut", host.Region, .. fault.Detail.Length > 0 ? new[] { fault.Detail } : []]);
                break;
            case FaultKind.DropPort:
                await lab.RunAsync("fault", "drop", host.Name, fault.Detail);
                break;
            case FaultKind.FullDisk when lab.HasOwnDisks:
                await lab.ExecAsync(
                    host,
                    "dd if=/dev/zero of=/var/lib/docker/full bs=1M 2>/dev/null; dd if=/dev/zero of=/var/lib/docker/full.rest bs=1k 2>/dev/null; true",
                    120
                );
                if (fault.Detail == Plan.RestartedEngine)
                    await lab.ExecAsync(host, "systemctl kill -s KILL docker; timeout 30 systemctl start docker; true");
                break;
            case FaultKind.Outage:
                foreach (var other in lab.Hosts.Where(other => other != host))
                    await lab.RunAsync("host", "stop", other.Name, "--hard");
                await lab.ExecAsync(host, "timeout 50 systemctl restart docker; true");
                break;
            case FaultKind.PowerCut:
                foreach (var each in lab.Hosts)
                    await lab.RunAsync("host", "reboot", each.Name, "--hard");
                break;
        }
    }

    /// <summary>Takes every fault back: network, power, engines, disks. Whether the hosts then serve is for others to see.</summary>
    public async Task HealAsync(Fault fault)
    {
        if (fault.Kind == FaultKind.None)
            return;
        await lab.RunAsync("fault", "heal");
        // The lab calls a host started when its engine serves.
        if (fault.Kind is FaultKind.FullDisk)
            await lab.ExecAsync(
                lab.Hosts[fault.Host],
                "rm -f /var/lib/docker/full /var/lib/docker/full.rest; systemctl reset-failed docker docker.socket; timeout 50 systemctl restart docker.socket docker; true"
            );
        if (fault.Kind is FaultKind.EngineKilled)
            await lab.ExecAsync(lab.Hosts[fault.Host], StartEngine);
        foreach (var host in lab.Hosts)
        {
            var start = lab.RunAsync("host", "start", host.Name);
            while (await Task.WhenAny(start, Task.Delay(LooksDead)) != start)
            {
                // The lab waits long for a host that boots on a loaded machine; an engine that systemd gave up needs a person.
                report.Note($"{host.Name} is not up yet");
                await lab.ExecAsync(host, StartEngine);
            }

            await start;
        }
    }
}
