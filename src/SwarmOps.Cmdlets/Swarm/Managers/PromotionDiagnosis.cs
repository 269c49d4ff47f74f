using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Nodes.Reachability;

namespace SwarmOps.Swarm.Managers;

/// <summary>Diagnoses why a promotion was not completed.</summary>
internal static class PromotionDiagnosis
{
    /// <summary>The observations as text: the address and port that failed and from where; otherwise what each side reports.</summary>
    /// <param name="node">The node to be promoted.</param>
    /// <param name="address">The address that it advertises.</param>
    /// <param name="leader">Name of the leader.</param>
    /// <param name="tried">Result of testing the address from the leader's host; null when that was not possible.</param>
    /// <param name="own">The node's own state; null when it did not answer.</param>
    /// <param name="member">The node's entry on the leader.</param>
    public static string Describe(
        SwarmNode node,
        string address,
        string leader,
        ProbeResult? tried,
        NodeObservation? own,
        NodeListResponse? member
    )
    {
        var endpoint = EndpointOf(address);
        List<string> facts =
        [
            tried switch
            {
                null or { Outcome: ProbeOutcome.NotTested } => $"whether the leader ({leader}) can reach {endpoint} could not be tested",
                { Failed: true } => $"{endpoint} cannot be reached from the leader ({leader}): {tried.Detail}",
                _ => $"{endpoint} can be reached from the leader ({leader}) now",
            },
        ];
        facts.Add(
            member?.ManagerStatus is { } status
                ? $"the leader reports it as {status.Reachability}"
                : "the leader does not list it as a manager"
        );
        facts.Add(
            own switch
            {
                null => $"'{node.Name}' itself did not answer",
                { IsManager: true } => $"'{node.Name}' itself reports that it is a manager",
                _ => $"'{node.Name}' itself reports that it is not a manager ({own.LocalState})",
            }
        );
        if (own?.Info.Swarm?.Error is { Length: > 0 } error)
            facts.Add($"its engine reports: {error.TrimEnd('.')}");
        return string.Join("; ", facts);
    }

    /// <summary>An address with the control plane's port, such as <c>203.0.113.7:2377/tcp</c>.</summary>
    public static string EndpointOf(string address) =>
        address.Contains(':', StringComparison.Ordinal) ? $"[{address}]:{SwarmPorts.Control}/tcp" : $"{address}:{SwarmPorts.Control}/tcp";
}
