namespace SwarmOps.Tests.Walk;

/// <summary>A line of <c>docker node ls</c>.</summary>
internal sealed record NodeRow(string Id, string Host, string Status, string Availability, string Manager);

/// <summary>What is on one host, by the docker CLI, its disk and its firewall. What was not seen is null or empty, and is not known.</summary>
/// <param name="Answers">Whether its engine answers.</param>
/// <param name="Authority">Hash of the certificate authority of the swarm that the engine is a member of; read from the disk, so it is known when the engine is down.</param>
internal sealed record HostFacts(WalkHost Host, bool IsUp, bool Answers, string? Authority)
{
    public string State { get; init; } = "";

    public bool IsManager { get; init; }

    public string NodeId { get; init; } = "";

    public string SwarmId { get; init; } = "";

    public string Address { get; init; } = "";

    public string Error { get; init; } = "";

    /// <summary>What this manager lists; null when it is none, or has no quorum.</summary>
    public IReadOnlyList<NodeRow>? Nodes { get; init; }

    public IReadOnlyList<string>? Secrets { get; init; }

    public IReadOnlyList<string>? Configs { get; init; }

    public IReadOnlyList<string>? Services { get; init; }

    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>Containers that only last as long as a run: probes and trials.</summary>
    public IReadOnlyList<string> Passing { get; init; } = [];

    public bool HasNatRule { get; init; }

    /// <summary>Whether 7946/tcp is held.</summary>
    public bool HoldsGossipPort { get; init; }

    private const string Script = """
        section() { printf '\n::%s\n' "$1"; }
        section authority; sha256sum /var/lib/docker/swarm/certificates/swarm-root-ca.crt 2>/dev/null | cut -c 1-12
        section info; timeout 10 docker info -f '{{.Swarm.LocalNodeState}}|{{.Swarm.ControlAvailable}}|{{.Swarm.NodeID}}|{{if .Swarm.Cluster}}{{.Swarm.Cluster.ID}}{{end}}|{{.Swarm.NodeAddr}}|{{.Swarm.Error}}' 2>/dev/null | grep '|'
        section passing; { timeout 10 docker ps -a --filter label=swarmops.overlay-probe --format '{{.Names}} {{.Status}}'; timeout 10 docker ps -a --filter label=swarmops.galera.image-trial --format '{{.Names}} {{.Status}}'; ls /run/lock/swarmops.lock/holder /tmp/swarmops.lock/holder; } 2>/dev/null
        section nat; nft list table inet swarmops >/dev/null 2>&1 && systemctl is-enabled --quiet swarmops-nat-repair 2>/dev/null && echo yes
        section gossip; ss -Hltn 'sport = :7946'
        if timeout 10 docker node ls --format '{{.ID}}|{{.Hostname}}|{{.Status}}|{{.Availability}}|{{.ManagerStatus}}' >/tmp/walk-nodes 2>/dev/null; then
            section nodes; cat /tmp/walk-nodes
            names=$(timeout 10 docker secret ls --format '{{.Name}}' 2>/dev/null) && { section secrets; echo "$names"; }
            names=$(timeout 10 docker config ls --format '{{.Name}}' 2>/dev/null) && { section configs; echo "$names"; }
            names=$(timeout 10 docker service ls --format '{{.Name}}' 2>/dev/null) && { section services; echo "$names"; }
            section networks; timeout 10 docker network ls --filter scope=swarm --format '{{.Name}}' 2>/dev/null
        fi
        section end
        """;

    /// <summary>Looks at a host.</summary>
    public static async Task<HostFacts> LookAsync(WalkLab lab, WalkHost host)
    {
        var end = await lab.ExecAsync(host, Script, 90);
        var sections = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var lines = new List<string>();
        foreach (var line in end.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith("::", StringComparison.Ordinal))
                sections[line[2..]] = lines = [];
            else
                lines.Add(line);
        }

        List<string>? Section(string name) => sections.GetValueOrDefault(name);
        var info = Section("info")?.FirstOrDefault()?.Split('|');
        return new HostFacts(host, sections.ContainsKey("end"), info is not null, Section("authority")?.FirstOrDefault())
        {
            State = info?[0] ?? "",
            IsManager = info?[1] == "true",
            NodeId = info?[2] ?? "",
            SwarmId = info?[3] ?? "",
            Address = info?[4] ?? "",
            Error = info is null ? "" : string.Join('|', info.Skip(5)),
            Nodes = Section("nodes")
                ?.Select(line => line.Split('|'))
                .Where(row => row.Length == 5)
                .Select(row => new NodeRow(row[0], row[1], row[2], row[3], row[4]))
                .ToList(),
            Secrets = Section("secrets"),
            Configs = Section("configs"),
            Services = Section("services"),
            Networks = Section("networks") ?? [],
            Passing = Section("passing") ?? [],
            HasNatRule = Section("nat") is ["yes"],
            HoldsGossipPort = Section("gossip") is { Count: > 0 },
        };
    }

    /// <summary>Looks at all hosts at the same time.</summary>
    public static async Task<IReadOnlyList<HostFacts>> LookAtAllAsync(WalkLab lab) =>
        await Task.WhenAll(lab.Hosts.Select(host => LookAsync(lab, host)));

    public override string ToString() =>
        !IsUp ? $"{Host.Name}: off"
        : !Answers ? $"{Host.Name}: engine does not answer, authority {Authority}"
        : $"{Host.Name}: {State}{(IsManager ? " manager" : "")} {NodeId} swarm {SwarmId} authority {Authority} {Error}".TrimEnd();
}
