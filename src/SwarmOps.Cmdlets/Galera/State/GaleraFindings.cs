using System.Globalization;

namespace SwarmOps.Galera.State;

/// <summary>Judges a cluster from what its nodes say, in words, each with what to do.</summary>
internal static class GaleraFindings
{
    /// <summary>Share of the time in which writes wait that is worth a word. Galera's documentation calls anything much above 0 a sign of a slow node.</summary>
    private const double PausedTooLong = 0.1;

    /// <summary>What the cluster is, taken together.</summary>
    /// <param name="nodes">Its nodes.</param>
    /// <param name="expected">How many there should be.</param>
    /// <param name="recent">What nodes did between two readings, by the name of their service and host; those that are missing were read once.</param>
    public static GaleraStatus Status(IReadOnlyList<GaleraNode> nodes, int expected, IReadOnlyDictionary<string, GaleraRecent>? recent = null)
    {
        var components = GaleraComponents.Of(nodes).Count;
        if (components > 1 || (components == 1 && nodes.Any(IsNameless)))
            return GaleraStatus.Split;
        if (!nodes.Any(IsPrimary))
            return nodes.Any(IsUnknown) ? GaleraStatus.Unknown : GaleraStatus.Down;
        return Size(nodes) == expected && nodes.All(node => node.ClusterSize == expected || !IsSound(node)) && List(nodes, expected, recent).Count == 0 ? GaleraStatus.Healthy : GaleraStatus.Degraded;
    }

    /// <summary>How many nodes take part.</summary>
    public static int Size(IReadOnlyList<GaleraNode> nodes) => nodes.Count(node => IsSound(node) || IsVoting(node));

    /// <summary>The identities that Primary components have.</summary>
    public static IReadOnlyList<string> Histories(IReadOnlyList<GaleraNode> nodes) =>
        [.. nodes.Where(IsPrimary).Select(node => node.Uuid ?? "").Where(uuid => uuid.Length > 0).Distinct(StringComparer.Ordinal)];

    /// <summary>All that is wrong.</summary>
    public static IReadOnlyList<string> List(IReadOnlyList<GaleraNode> nodes, int expected, IReadOnlyDictionary<string, GaleraRecent>? recent = null)
    {
        List<string> findings = [.. Whole(nodes, expected)];
        foreach (var node in nodes)
            findings.AddRange(Single(node, nodes));
        foreach (var node in nodes)
            findings.AddRange(Rates(node, nodes, recent ?? new Dictionary<string, GaleraRecent>()));
        return findings;
    }

    /// <summary>Whether a node's counters since its start make its rates worth a second reading.</summary>
    public static bool IsWorthWatching(GaleraNode node) => node.FlowControlPaused > PausedTooLong || node.CertificationFailures + node.BruteForceAborts > 0;

    /// <summary>The key of a node's rates.</summary>
    public static string Key(GaleraNode node) => $"{node.Service}@{node.Node}";

    private static bool IsPrimary(GaleraNode node) => node.ClusterStatus == "Primary";

    /// <summary>In a Primary component that has no history: what is written there is in no other node's past.</summary>
    private static bool IsNameless(GaleraNode node) => IsPrimary(node) && node.State == GaleraReport.Synced && node.Uuid is null;

    /// <summary>A node that could not be asked may well be in a Primary component.</summary>
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
            yield return $"split: the nodes are in {components.Count} Primary components ({parts}), of which some have one history: each takes writes that the others never see, and no uuid tells them apart: Repair-GaleraCluster -From <a node of the component to keep>";
        }
        else if (histories.Count > 1)
        {
            var parts = histories.Select(uuid => $"{uuid} on {Names(nodes.Where(node => IsPrimary(node) && node.Uuid == uuid))}");
            yield return $"split: the nodes hold {histories.Count} clusters ({string.Join("; ", parts)}); each takes writes that the others never see: Repair-GaleraCluster";
        }
        else if (!nodes.Any(IsPrimary) && nodes.Any(IsUnknown))
        {
            yield return $"no node says that it is in a Primary component, and {Names(nodes.Where(IsUnknown))} could not be asked: whether the database takes writes is not known";
        }
        else if (!nodes.Any(IsPrimary))
        {
            yield return "no node is in a Primary component: nothing can be written; if it does not come back by itself: Repair-GaleraCluster";
        }

        if (nodes.Where(node => node.RefusedSecret is not null).ToList() is { Count: > 0 } refused)
            yield return $"{Names(refused)} {(refused.Count == 1 ? "does" : "do")} not take root's password from the secret: give the secret the password that was set by SQL (Update-SwarmSecret -Name {refused[0].RefusedSecret} -Value ...); until then -RootCredential asks with another account";
        if (nodes.Where(IsNameless).ToList() is { Count: > 0 } nameless)
            yield return $"the Primary component on {Names(nameless)} has no history (uuid 0): a restart would lose its place; dump the data now (mariadb-dump) before anything else";
        if (nodes.Count < expected)
            yield return $"{nodes.Count} of {expected} nodes are there";
        if (components.Count == 1 && nodes.Where(IsSound).Any(node => node.ClusterSize != nodes.Count(other => IsPrimary(other) || IsVoting(other))))
            yield return $"the nodes count differently: {string.Join(", ", nodes.Where(IsSound).Select(node => $"{node.Node} sees {node.ClusterSize}"))}";
        if (expected % 2 == 0)
            yield return $"{expected} nodes: half of them is no majority, so the cluster stops where an odd number would go on";
    }

    private static IEnumerable<string> Single(GaleraNode node, IReadOnlyList<GaleraNode> all)
    {
        if (node.StateTransfer is { } transfer)
            yield return node.ClusterStatus is null ? $"{node.Node} gets a state transfer ({GaleraTransfer.Words(node, all)}): it joins when that is over" : $"{node.Node} takes part in a state transfer ({transfer})";
        else if (node.Error is { } error && node.ClusterStatus is null)
            yield return $"{node.Node}: {error}";
        else if (node.State == GaleraReport.Waiting)
            yield return $"{node.Node} waits for a node of the cluster to answer at port 4567";
        else if (node.ClusterStatus == "Disconnected")
            yield return $"{node.Node} is Disconnected: its health check starts it anew; if that does not help: Repair-GaleraCluster, which moves its data aside for a full state transfer";
        else if (node.ClusterStatus == "non-Primary")
            yield return $"{node.Node} is in a part without majority: it refuses writes until it reaches the others";
        else if (node.State != GaleraReport.Synced && !IsVoting(node))
            yield return $"{node.Node} is {node.State}, not Synced";
        foreach (var finding in Replication(node, all))
            yield return finding;
        if (node.HasBootstrapMarker && IsPrimary(node) && node.ClusterSize > 1)
            yield return $"{node.Node} still has the marker that lets it found a cluster ({GaleraNames.Marker}): remove it";
    }

    private static IEnumerable<string> Replication(GaleraNode node, IReadOnlyList<GaleraNode> all)
    {
        var wanted = all.Where(other => other.ClusterStatus is not null).Select(other => other.Address).OfType<string>().ToList();
        var absent = node.ClusterStatus is null ? [] : all.Where(other => other.ClusterStatus is not null && other.Address is { } address && !node.DnsAnswers.Contains(address)).ToList();
        if (absent.Count > 0)
            yield return $"{node.Node} does not find {Names(absent)} by name ({wanted.Count - absent.Count} of {wanted.Count} addresses): stale discovery, repaired by Update-SwarmService -Force on the missing one's service";
    }

    /// <summary>What goes wrong now: counters since the start of a server would call a cluster degraded for ever.</summary>
    private static IEnumerable<string> Rates(GaleraNode node, IReadOnlyList<GaleraNode> all, IReadOnlyDictionary<string, GaleraRecent> recent)
    {
        if (!recent.TryGetValue(Key(node), out var now))
            yield break;
        var window = string.Create(CultureInfo.InvariantCulture, $"the last {now.Time.TotalSeconds:0.#} s");
        if (now.Paused > PausedTooLong)
        {
            var slow = all.Where(other => recent.TryGetValue(Key(other), out var did) && did.PausesAsked > 0).MaxBy(other => recent[Key(other)].PausesAsked) ?? node;
            yield return $"writes waited {now.Paused.ToString("P0", CultureInfo.InvariantCulture)} of {window} for {slow.Node} (flow control, seen on {node.Node})";
        }

        if (now.HasManyConflicts)
            yield return $"{node.Node}: {now.Conflicts} of {now.Commits + now.Conflicts} transactions of {window} were lost to another node's: the application writes the same rows in two regions; let one region write them";
    }

    private static string Names(IEnumerable<GaleraNode> nodes) => string.Join(", ", nodes.Select(node => node.Node));
}
