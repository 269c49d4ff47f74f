using System.Text.Json;

namespace SwarmOps.Tests.Walk;

/// <summary>A host of the lab, as <c>lab status --json</c> says.</summary>
internal sealed record WalkHost(
    string Name,
    string Region,
    string PublicAddress,
    string PrivateAddress,
    string User,
    int SshPort,
    string? KeyFile,
    string HostKeyFingerprint,
    string KnownHostsFile,
    string? Hostname
)
{
    /// <summary>What the host calls itself, which for an instance is not the lab's name.</summary>
    public string NodeName => Hostname ?? Name;

    /// <summary>The command that describes it to the module.</summary>
    public string Description =>
        $"New-SwarmNode -Name '{NodeName}' -Region '{Region}' -PublicAddress {PublicAddress} -PrivateAddress {PrivateAddress} -User {User} -Port {SshPort} -KeyFilePath '{KeyFile}' -HostKeyFingerprint '{HostKeyFingerprint}'";
}

/// <summary>The lab of one walk: three regions, and a second host in the first. Its name tells build/labs.ps1 whose it is, should the walk be killed.</summary>
internal sealed class WalkLab(string? given, CancellationToken cancellation)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Against a hang only: on a machine that does much else hosts take minutes to boot.</summary>
    private static readonly TimeSpan CommandLimit = TimeSpan.FromMinutes(12);

    public string Name { get; } = given ?? $"b{Environment.ProcessId}w";

    public IReadOnlyList<WalkHost> Hosts { get; private set; } = [];

    public IReadOnlyList<string> Regions => [.. Hosts.Select(host => host.Region).Distinct()];

    /// <summary>Whether each host's engine has a small disk of its own, which can be filled.</summary>
    public bool HasOwnDisks { get; private set; }

    /// <summary>Where the EC2 endpoint is, if there is one.</summary>
    public string? Ec2EndpointUrl { get; private set; }

    /// <summary>Brings it up.</summary>
    /// <param name="options">Whether the hosts are instances, and have the database's image.</param>
    /// <param name="folder">Where the instances' key is kept.</param>
    public async Task UpAsync(WalkOptions options, DirectoryInfo folder)
    {
        if (given is not null)
        {
            await RunAsync("fault", "heal");
            Hosts = (await StatusAsync()).Hosts;
            await Task.WhenAll(Hosts.Select(host => ExecAsync(host, MakeBare, 200)));
        }
        else if (options.HasEc2)
        {
            await RunAsync("up", "--ec2");
            await MakeInstancesAsync(folder);
        }
        else
        {
            await RunAsync("up");
            await RunAsync("host", "add", "eu-central-1");
            Hosts = (await StatusAsync()).Hosts;
        }

        // The second host of a region comes last: it holds no database.
        Hosts = [.. Hosts.OrderBy(host => Hosts.TakeWhile(other => other != host).Count(other => other.Region == host.Region))];
        HasOwnDisks = await MakeDisksAsync(Path.GetDirectoryName(Hosts[0].KnownHostsFile)!);
        await RunAsync("image", "load", "all", "busybox");
        if (options.HasGalera)
            await RunAsync("image", "load", "all", "mariadb");
    }

    private async Task<LabStatus> StatusAsync() => JsonSerializer.Deserialize<LabStatus>(await RunAsync("status", "--json"), Json)!;

    private async Task MakeInstancesAsync(DirectoryInfo folder)
    {
        var status = await StatusAsync();
        Ec2EndpointUrl = status.Ec2EndpointUrl;
        // The administrators' processes inherit these, as from a shell's profile.
        foreach (
            var (name, value) in new[]
            {
                ("AWS_ENDPOINT_URL", Ec2EndpointUrl),
                ("AWS_ACCESS_KEY_ID", "test"),
                ("AWS_SECRET_ACCESS_KEY", "test"),
                ("AWS_REGION", "eu-central-1"),
            }
        )
            Environment.SetEnvironmentVariable(name, value);
        var key = Path.Combine(folder.FullName, "key");
        var make =
            $"$null = New-SwarmRegionNode -Cluster {Firewall.Cluster} -AllowSshFrom {status.AdminAddress} -KeyFilePath '{key}' -Region ";
        var made = await new Administrator(this, "account", folder, cancellation).RunAsync(
            $"{make} eu-central-1, us-east-1, us-west-1; {make} eu-central-1 -CountPerRegion 2"
        );
        if (!made.Succeeded)
            throw new InvalidOperationException($"The instances cannot be made: {string.Join("; ", made.Errors)} {made.Crash}");
        Hosts = [.. (await StatusAsync()).Hosts.OrderBy(host => host.Region, StringComparer.Ordinal)];
        var names = await Task.WhenAll(Hosts.Select(host => ExecAsync(host, "hostname")));
        Hosts = [.. Hosts.Zip(names, (host, name) => host with { KeyFile = key, Hostname = name.Output.Trim() })];
    }

    /// <summary>Ends and removes all of it, cancelled or not.</summary>
    public async Task DownAsync() =>
        _ = given is not null ? null : await Shell.RunAsync(CommandLimit, Program, ["down", "--name", Name], CancellationToken.None);

    /// <summary>Runs a lab command on this lab; throws with its output when it fails.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var end = await Shell.RunAsync(CommandLimit, Program, [.. arguments, "--name", Name], cancellation);
        return end.Succeeded
            ? end.Output
            : throw new InvalidOperationException($"lab {string.Join(' ', arguments)} failed with {end.ExitCode}: {end.Output}{end.Error}");
    }

    /// <summary>Runs a script on a host, as its root. A host that is off fails.</summary>
    public Task<ProgramEnd> ExecAsync(WalkHost host, string script, int seconds = 60) =>
        Shell.RunAsync(TimeSpan.FromSeconds(seconds), Program, ["exec", "--name", Name, host.Name, "--", "sh", "-c", script], cancellation);

    /// <summary>Makes an engine of a lab that is used again a bare one.</summary>
    private const string MakeBare = """
        containers=$(timeout 30 docker ps -aq) && [ -n "$containers" ] && timeout 60 docker rm -fv $containers >/dev/null 2>&1
        systemctl stop docker.socket
        systemctl kill -s KILL docker
        systemctl stop docker
        rm -f /var/lib/docker/full*
        for namespace in /run/docker/netns/*; do umount "$namespace" 2>/dev/null; rm -f "$namespace"; done
        for link in $(ip -br link show type vxlan | cut -d ' ' -f 1); do ip link delete "${link%@*}"; done
        rm -rf /var/lib/docker/swarm /srv/mysql* /srv/writes /etc/swarmops /etc/systemd/system/swarmops-nat-repair.service
        nft delete table inet swarmops
        systemctl daemon-reload
        systemctl reset-failed docker docker.socket
        systemctl start docker.socket docker
        """;

    private static string Program => Path.Combine(Repository.Root, "lab", "lab");

    /// <summary>A file system of its own below each engine, from a file that outlives reboots: to fill it harms nobody else.</summary>
    private async Task<bool> MakeDisksAsync(string folder)
    {
        // Not before docker.socket: that comes before basic.target, which every service comes after; systemd breaks the circle by leaving one of them out.
        const string script = """
            set -e
            systemctl stop docker docker.socket
            cat >/usr/local/sbin/lab-docker-disk <<'END'
            #!/bin/sh
            set -e
            for number in $(seq 0 63); do [ -e /dev/loop$number ] || mknod /dev/loop$number b 7 $number; done
            [ -e /dev/loop-control ] || mknod /dev/loop-control c 10 237
            mount -o loop /srv/docker.img /var/lib/docker
            END
            chmod +x /usr/local/sbin/lab-docker-disk
            cat >/etc/systemd/system/lab-docker-disk.service <<'END'
            [Unit]
            Before=docker.service
            [Service]
            Type=oneshot
            RemainAfterExit=yes
            ExecStart=/usr/local/sbin/lab-docker-disk
            [Install]
            RequiredBy=docker.service
            END
            systemctl daemon-reload
            systemctl enable lab-docker-disk >/dev/null 2>&1
            systemctl start docker.socket docker
            mountpoint -q /var/lib/docker
            """;
        foreach (var host in Hosts)
        {
            if (await ExecAsync(host, "systemctl is-enabled --quiet lab-docker-disk") is { Succeeded: true })
                continue;
            var image = Path.Combine(folder, "hosts", host.Name, "srv", "docker.img");
            var made = await Shell.RunAsync(
                CommandLimit,
                "sh",
                ["-c", $"truncate -s 3G {image} && mkfs.ext4 -q -m 0 {image}"],
                cancellation
            );
            if (!made.Succeeded || await ExecAsync(host, script) is { Succeeded: false })
            {
                await ExecAsync(
                    host,
                    "systemctl disable lab-docker-disk; rm -f /etc/systemd/system/lab-docker-disk.service; systemctl daemon-reload; systemctl reset-failed docker; systemctl start docker.socket docker"
                );
                return false;
            }
        }

        return true;
    }

    private sealed record LabStatus(IReadOnlyList<WalkHost> Hosts, string? Ec2EndpointUrl, string AdminAddress);
}
