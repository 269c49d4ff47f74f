using System.Globalization;

namespace SwarmOps.Tests.Walk;

/// <summary>What is printed, and the folder that keeps it: the log, each line's script and output, and what the hosts say after a violation.</summary>
internal sealed class Report : IDisposable
{
    private readonly StreamWriter log;
    private readonly DateTime began = DateTime.UtcNow;

    public Report(int seed)
    {
        Folder = Directory.CreateDirectory(
            Path.Combine(
                Repository.Root,
                "artifacts",
                "walk",
                string.Create(CultureInfo.InvariantCulture, $"{seed}-{DateTime.UtcNow:yyyyMMdd-HHmmss}")
            )
        );
        log = new StreamWriter(Path.Combine(Folder.FullName, "walk.log")) { AutoFlush = true };
    }

    public DirectoryInfo Folder { get; }

    public int Faults { get; set; }

    public int Killed { get; set; }

    /// <summary>Engine faults that are known and documented, which an administrator mended by hand as documented.</summary>
    public int Remedies { get; set; }

    public int Violations { get; set; }

    /// <summary>How often each error id was given.</summary>
    public SortedDictionary<string, int> Errors { get; } = new(StringComparer.Ordinal);

    public void Say(string line)
    {
        Console.WriteLine(line);
        log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(DateTime.UtcNow - began).TotalSeconds, 7:0.0} {line}"));
    }

    /// <summary>What goes into the log alone.</summary>
    public void Note(string line) =>
        log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(DateTime.UtcNow - began).TotalSeconds, 7:0.0} . {line}"));

    /// <summary>Asks every host what a person would look at first.</summary>
    public async Task DiagnoseAsync(WalkLab lab)
    {
        const string script = """
            uptime; echo "--- info"; timeout 20 docker info 2>&1
            for what in 'node ls' 'service ls' 'secret ls' 'config ls' 'network ls' 'ps -a'; do echo "--- $what"; timeout 20 docker $what 2>&1; done
            echo '--- nodes'; timeout 20 docker node inspect $(timeout 20 docker node ls -q 2>/dev/null) 2>/dev/null
            echo '--- swarm on the disk'; ls -l /var/lib/docker/swarm /var/lib/docker/swarm/raft 2>&1; cat /var/lib/docker/swarm/docker-state.json /var/lib/docker/swarm/state.json 2>&1
            echo '--- disks'; df -h / /var/lib/docker /srv
            echo '--- ports'; ss -Hltnp
            echo '--- database'; ls -la /srv/mysql* /srv/writes 2>/dev/null; cat /srv/mysql/grastate.dat /srv/mysql/.swarmops* 2>/dev/null
            for id in $(timeout 20 docker ps -aqf name=galera- | head -n 2); do docker logs --tail 80 "$id" 2>&1; done
            echo '--- engine'; journalctl -u docker --no-pager -n 400 -o short-iso
            """;
        await File.WriteAllTextAsync(Path.Combine(Folder.FullName, "lab-status.json"), await lab.RunAsync("status", "--json"));
        foreach (var host in lab.Hosts)
        {
            var end = await lab.ExecAsync(host, script, 240);
            await File.WriteAllTextAsync(Path.Combine(Folder.FullName, $"{host.Name}.txt"), end.Output + end.Error);
        }
    }

    public void Dispose() => log.Dispose();
}
