using SwarmOps.Nodes.Reachability;
using SwarmOps.Pipeline;

namespace SwarmOps.Nodes.Preflight;

/// <summary>Tests a node set before anything is changed: four commands and one engine call per node, whatever the number of pairs.</summary>
internal sealed class PreflightOperation(IOperationContext context, PreflightRequest request)
{
    /// <summary>Runs all checks.</summary>
    /// <returns>One finding per check: first for each node, then for each pair.</returns>
    public async Task<IReadOnlyList<NodeFinding>> RunAsync()
    {
        Progress($"Reading {request.Nodes.Count} nodes", 0);
        var facts =
            request.Facts
            ?? await NodeSet
                .ForEachAsync(context, request.Nodes, request.ThrottleLimit, node => NodeFactsReader.ReadAsync(context, node))
                .ConfigureAwait(false);
        Progress($"Sending packets between {request.Nodes.Count} nodes", 30);
        var results = request.SendsPackets ? await ProbeAsync(facts).ConfigureAwait(false) : [];
        Progress("Done", 100, completed: true);

        IEnumerable<NodeFinding> ofNodes =
        [
            .. EngineCheck.Judge(facts),
            .. ClockCheck.Judge(facts),
            .. AddressPoolCheck.Judge(facts, request.AddressPool, request.SubnetSize),
            .. AdvertiseAddressCheck.Judge(facts, results),
        ];
        var order = request
            .Nodes.Select((node, index) => (node.Name, index))
            .ToDictionary(entry => entry.Name, entry => entry.index, StringComparer.OrdinalIgnoreCase);
        return
        [
            .. ofNodes.OrderBy(finding => order[finding.Node]),
            .. ReachabilityCheck.Judge([.. results.OrderBy(result => order[result.Target.From.Name])]),
        ];
    }

    /// <summary>Probes between the nodes that answer; the pairs of the others are NotTested, with the reason.</summary>
    private async Task<IReadOnlyList<ProbeResult>> ProbeAsync(IReadOnlyList<NodeFacts> facts)
    {
        var away = facts
            .Where(fact => fact.HostError is not null)
            .ToDictionary(fact => fact.Node, fact => fact.HostError!, (IEqualityComparer<SwarmNode>)ReferenceEqualityComparer.Instance);
        var targets = ReachabilityCheck.Targets(request.Nodes);
        var testable = targets.Where(target => !away.ContainsKey(target.From) && !away.ContainsKey(target.To!)).ToList();
        var probe = new ReachabilityProbe(context) { Timeout = request.Timeout, ThrottleLimit = request.ThrottleLimit };
        var tested = await probe.ProbeAsync(testable).ConfigureAwait(false);
        var notTested = targets
            .Except(testable)
            .Select(target => new ProbeResult(
                target,
                ProbeOutcome.NotTested,
                (away.GetValueOrDefault(target.From) ?? away[target.To!]).Message
            ));
        return [.. tested, .. notTested];
    }

    private void Progress(string status, int percent, bool completed = false) =>
        context.WriteProgress(new OperationProgress(0, "Test-SwarmNode", status, percent, completed));
}
