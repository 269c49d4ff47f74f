using System.Globalization;

namespace SwarmOps.Galera.State;

/// <summary>Evaluates a cluster from its nodes' reports: findings as text, with the next step.</summary>
internal static class GaleraFindings
{
    /// <summary>Share of time that writes are paused by flow control above which it is a finding. Galera's documentation calls anything much above 0 a sign of a slow node.</summary>
    public const double PausedTooLong = 0.1;

    /// <summary>The overall status of the cluster.</summary>
    /// <param name="nodes">Its nodes.</param>
    /// <param name="expected">How many there should be.</param>
    /// <param name="recent">The nodes' activity between two readings, by service and host name; missing nodes were read only once.</param>
    public static GaleraStatus Status(
        IReadOnlyList<GaleraNode> nodes,
        int expected,
        IReadOnlyDictionary<string, GaleraRecent>? recent = null
    )
    {
        var components = GaleraComponents.Of(nodes).Count;
        if (components > 1 || (components == 1 && nodes.Any(IsNameless)))
            return GaleraStatus.Split;
        if (!nodes.Any(IsPrimary))
            return nodes.Any(IsUnknown) ? GaleraStatus.Unknown : GaleraStatus.Down;
        return
            Size(nodes) == expected
            && nodes.All(node => node.ClusterSize == expected || !IsSound(node))
            && List(nodes, expected, recent).Count == 0
            ? GaleraStatus.Healthy
            : GaleraStatus.Degraded;
    }

    /// <summary>How many nodes are in the cluster.</summary>
    public static int Size(IReadOnlyList<GaleraNode> nodes) => nodes.Count(node => IsSound(node) || IsVoting(node));

    /// <summary>The state UUIDs of the Primary Components.</summary>
    public static IReadOnlyList<string> Histories(IReadOnlyList<GaleraNode> nodes) =>
        [.. nodes.Where(IsPrimary).Select(node => node.Uuid ?? "").Where(uuid => uuid.Length > 0).Distinct(StringComparer.Ordinal)];

    /// <summary>All findings.</summary>
    public static IReadOnlyList<string> List(
        IReadOnlyList<GaleraNode> nodes,
        int expected,
        IReadOnlyDictionary<string, GaleraRecent>? recent = null
    )
    {
        List<string> findings = [.. Whole(nodes, expected)];
        foreach (var node in nodes)
            findings.AddRange(Single(node, nodes));
        foreach (var node in nodes)
            findings.AddRange(Rates(node, nodes, recent ?? new Dictionary<string, GaleraRecent>()));
        return findings;
    }

    /// <summary>Whether a node's counters justify a second reading for rates: any pause or conflict since its start may be one of the present, however small its share since then.</summary>
    public static bool IsWorthWatching(GaleraNode node) =>
        node.FlowControlPausedNanoseconds > 0 || node.FlowControlSent > 0 || node.CertificationFailures + node.BruteForceAborts > 0;

    /// <summary>The key of a node's rates.</summary>
    public static string Key(GaleraNode node) => $"{node.Service}@{node.Node}";

    private static bool IsPrimary(GaleraNode node) => node.ClusterStatus == "Primary";

    /// <summary>In a Primary Component without a state UUID: its writes are in no other node's history.</summary>
    private static bool IsNameless(GaleraNode node) => IsPrimary(node) && node.State == GaleraReport.Synced && node.Uuid is null;

    /// <summary>A node that could not be queried may be in a Primary Component.</summary>
    private static bool IsUnknown(GaleraNode node) => node.State == GaleraReport.Unknown;

    private static bool IsVoting(GaleraNode node) => node is { IsArbitrator: true, State: GaleraReport.Arbitrating };

    private static bool IsSound(GaleraNode node) => IsPrimary(node) && node.State == GaleraReport.Synced;

    private static IEnumerable<string> Whole(IReadOnlyList<GaleraNode> nodes, int expected)
    {
        var histories = Histories(nodes);
        var components = GaleraComponents.Of(nodes);
        if (components.Count > histories.Count)
        {
            var parts = string.Join("; ", components.Select(GaleraComponents.Words));
            yield return $"split: the nodes are in {components.Count} Primary Components ({parts}), some with the same state UUID; each accepts writes that the others do not get. Run Repair-GaleraCluster -From <a node of the component to keep>";
        }
        else if (histories.Count > 1)
        {
            var parts = histories.Select(uuid => $"{uuid} on {Names(nodes.Where(node => IsPrimary(node) && node.Uuid == uuid))}");
            yield return $"split: the nodes form {histories.Count} clusters with different state UUIDs ({string.Join("; ", parts)}); each accepts writes that the others do not get. Run Repair-GaleraCluster";
        }
        else if (!nodes.Any(IsPrimary) && nodes.Any(IsUnknown))
        {
            yield return $"no node reports a Primary Component, and {Names(nodes.Where(IsUnknown))} could not be queried, so it is unknown whether the database accepts writes";
        }
        else if (!nodes.Any(IsPrimary))
        {
            yield return "the cluster has no Primary Component and accepts no writes; if it does not recover by itself, run Repair-GaleraCluster";
        }

        if (nodes.Where(node => node.RefusedSecret is not null).ToList() is { Count: > 0 } refused)
            yield return $"{Names(refused)} {(refused.Count == 1 ? "rejects" : "reject")} root's password from the secret: store the password that was set by SQL in the secret (Update-SwarmSecret -Name {refused[0].RefusedSecret} -Value ...); until then specify another account with -RootCredential";
        if (nodes.Where(IsNameless).ToList() is { Count: > 0 } nameless)
            yield return $"the Primary Component on {Names(nameless)} has no state UUID (all zeros), so a restart would lose data; dump the data now (mariadb-dump), before any other step";
        if (nodes.Count < expected)
            yield return $"only {nodes.Count} of {expected} nodes were found";
        if (
            components.Count == 1
            && nodes.Where(IsSound).Any(node => node.ClusterSize != nodes.Count(other => IsPrimary(other) || IsVoting(other)))
        )
            yield return $"the nodes report different cluster sizes: {string.Join(", ", nodes.Where(IsSound).Select(node => $"{node.Node} reports {node.ClusterSize}"))}";
        if (expected % 2 == 0)
            yield return $"{expected} nodes are an even number: if the network splits them into halves, neither half has a quorum";
    }

    private static IEnumerable<string> Single(GaleraNode node, IReadOnlyList<GaleraNode> all)
    {
        if (node.StateTransfer is { } transfer)
            yield return node.ClusterStatus is null
                ? $"{node.Node} is receiving a state transfer ({GaleraTransfer.Words(node, all)}) and will then join"
                : $"{node.Node} is involved in a state transfer ({transfer})";
        else if (node.Error is { } error && node.ClusterStatus is null)
            yield return $"{node.Node}: {error}";
        else if (node.State == GaleraReport.Waiting)
            yield return $"{node.Node} is waiting for a node of the cluster to answer on port 4567";
        else if (node.ClusterStatus == "Disconnected")
            yield return $"{node.Node} is Disconnected and will be restarted by its health check; if it does not recover, run Repair-GaleraCluster, which moves its data aside for a full state transfer";
        else if (node.ClusterStatus == "non-Primary")
            yield return $"{node.Node} is in a non-Primary component and refuses writes until it reaches the other nodes";
        else if (node.State != GaleraReport.Synced && !IsVoting(node))
            yield return $"{node.Node} is {node.State}, not Synced";
        foreach (var finding in Replication(node, all))
            yield return finding;
        if (node.HasBootstrapMarker && IsPrimary(node) && node.ClusterSize > 1)
            yield return $"{node.Node} still has a bootstrap marker; remove the file {GaleraNames.Marker} from its data directory";
    }

    private static IEnumerable<string> Replication(GaleraNode node, IReadOnlyList<GaleraNode> all)
    {
        var wanted = all.Where(other => other.ClusterStatus is not null).Select(other => other.Address).OfType<string>().ToList();
        var absent = node.ClusterStatus is null
            ? []
            : all.Where(other => other.ClusterStatus is not null && other.Address is { } address && !node.DnsAnswers.Contains(address))
                .ToList();
        if (absent.Count > 0)
            yield return $"{node.Node} cannot resolve {Names(absent)} ({wanted.Count - absent.Count} of {wanted.Count} addresses): the engine's name service is stale. Run Update-SwarmService -Force for the service of the missing node";
    }

    /// <summary>Current problems: judged by counters since the server's start, a cluster would stay Degraded forever.</summary>
    private static IEnumerable<string> Rates(
        GaleraNode node,
        IReadOnlyList<GaleraNode> all,
        IReadOnlyDictionary<string, GaleraRecent> recent
    )
    {
        if (!recent.TryGetValue(Key(node), out var now))
            yield break;
        var window = string.Create(CultureInfo.InvariantCulture, $"the last {now.Time.TotalSeconds:0.#} s");
        if (now.Paused > PausedTooLong)
        {
            var slow =
                all.Where(other => recent.TryGetValue(Key(other), out var did) && did.PausesAsked > 0)
                    .MaxBy(other => recent[Key(other)].PausesAsked)
                ?? node;
            yield return $"flow control paused writes for {now.Paused.ToString("P0", CultureInfo.InvariantCulture)} of {window} because {slow.Node} is slow (measured on {node.Node})";
        }

        if (now.HasManyConflicts)
            yield return $"{node.Node}: {now.Conflicts} of {now.Commits + now.Conflicts} transactions in {window} were rolled back by write conflicts with another node: the application writes the same rows in two regions; write them in one region only (Test-GaleraWorkload -LogConflicts names the tables)";
    }

    private static string Names(IEnumerable<GaleraNode> nodes) => string.Join(", ", nodes.Select(node => node.Node));
}
