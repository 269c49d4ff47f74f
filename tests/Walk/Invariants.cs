namespace SwarmOps.Tests.Walk;

/// <summary>What must hold. Each method gives what does not, in words: what was expected, and what was seen.</summary>
internal sealed class Invariants(Ledger ledger)
{
    /// <summary>What tells the swarm of the beginning from any other.</summary>
    public string? Authority { get; private set; }

    public string? SwarmId { get; private set; }

    /// <summary>Whatever came of the first lines, they made no two swarms.</summary>
    public static IReadOnlyList<string> AtMostOne(IReadOnlyList<HostFacts> facts) =>
        facts.Select(fact => fact.Authority).OfType<string>().Distinct().Count() is var seen and > 1
            ? [$"expected one swarm at most; seen {seen}: {Say(facts)}"]
            : [];

    /// <summary>Takes the swarm that there is as the one that must stay; more than one is a violation at once.</summary>
    public IReadOnlyList<string> Begin(IReadOnlyList<HostFacts> facts)
    {
        var authorities = facts.Select(fact => fact.Authority).OfType<string>().Distinct().ToList();
        Authority = authorities.FirstOrDefault();
        SwarmId = facts.FirstOrDefault(fact => fact.SwarmId.Length > 0)?.SwarmId;
        return authorities.Count == 1 ? [] : [$"expected one swarm; seen {authorities.Count}: {Say(facts)}"];
    }

    /// <summary>Holds at any moment, whatever fault is on: there is one swarm, and a manager that has a quorum knows all that was acknowledged.</summary>
    public IReadOnlyList<string> Always(IReadOnlyList<HostFacts> facts)
    {
        var broken = new List<string>();
        if (
            facts.Any(fact => fact.Authority is { } seen && seen != Authority)
            || facts.Any(fact => fact.SwarmId.Length > 0 && fact.SwarmId != SwarmId)
        )
            broken.Add($"expected no other swarm than {SwarmId} (authority {Authority}); seen: {Say(facts)}");
        foreach (var fact in facts.Where(fact => fact.SwarmId == SwarmId))
        {
            foreach (var (kind, names) in new[] { ("secret", fact.Secrets), ("config", fact.Configs), ("service", fact.Services) })
            {
                if (names is not null && ledger.Missing(kind, names) is { Count: > 0 } missing)
                    broken.Add(
                        $"expected every {kind} that was made; {fact.Host.Name} does not list {string.Join(", ", missing)}, but {string.Join(", ", names)}"
                    );
            }
        }

        return broken;
    }

    /// <summary>Holds when faults are healed, the lines have ended and the same line has been run again: all hosts are in, the quorum is sound, nothing passing is left.</summary>
    public IReadOnlyList<string> Settled(IReadOnlyList<HostFacts> facts)
    {
        var broken = new List<string>(Always(facts));
        if (facts.FirstOrDefault(fact => fact.Nodes is not null) is not { Nodes: { } nodes })
            return [.. broken, $"expected a manager with a quorum; seen: {Say(facts)}"];
        var managers = nodes.Count(node => node.Manager is "Leader" or "Reachable");
        if (
            managers % 2 == 0
            || nodes.Count(node => node.Manager.Length > 0) != managers
            || nodes.Count(node => node.Manager == "Leader") != 1
        )
            broken.Add($"expected an odd number of managers, all of them reachable, and one leader; seen: {Say(nodes)}");
        foreach (var fact in facts)
        {
            var rows = nodes.Where(node => node.Host == fact.Host.NodeName).ToList();
            if (rows is not [{ Status: "Ready" } row])
                broken.Add($"expected {fact.Host.Name} to be listed once, Ready; seen: {Say(rows)}");
            else if (fact.NodeId != row.Id || fact.State != "active" || fact.IsManager != row.Manager.Length > 0)
                broken.Add($"expected {fact.Host.Name} to be what the managers list ({Say([row])}); seen: {fact}");
            if (fact.Address.Length > 0 && fact.Address != fact.Host.PublicAddress)
                broken.Add($"expected {fact.Host.Name} to advertise {fact.Host.PublicAddress}; seen: {fact.Address}");
            if (fact.Passing.Count > 0)
                broken.Add(
                    $"expected no probe, no trial container and no lock on {fact.Host.Name}; seen: {string.Join(", ", fact.Passing)}"
                );
            if (!fact.HasNatRule)
                broken.Add($"expected the NAT rule, in force and enabled, on {fact.Host.Name}; seen none");
        }

        foreach (var fact in facts.Where(fact => fact.Nodes is not null))
        {
            var left = Passing(fact.Configs)
                .Concat(Passing(fact.Secrets))
                .Concat(Passing(fact.Services))
                .Concat(Passing(fact.Networks))
                .ToList();
            if (left.Count > 0)
                broken.Add($"expected no lock, probe or trial in the swarm; {fact.Host.Name} lists {string.Join(", ", left)}");
        }

        return broken;
    }

    /// <summary>Names that the module gives to what is to pass.</summary>
    private static IEnumerable<string> Passing(IEnumerable<string>? names) =>
        (names ?? []).Where(name =>
            name.StartsWith("swarmops", StringComparison.Ordinal)
            || name.Contains("probe", StringComparison.Ordinal)
            || name.Contains("trial", StringComparison.Ordinal)
        );

    private static string Say(IEnumerable<HostFacts> facts) => string.Join("; ", facts);

    private static string Say(IEnumerable<NodeRow> nodes) =>
        string.Join(
            "; ",
            nodes
                .Select(node => $"{node.Host} {node.Id} {node.Status} {node.Availability} {node.Manager}".TrimEnd())
                .DefaultIfEmpty("nothing")
        );
}
