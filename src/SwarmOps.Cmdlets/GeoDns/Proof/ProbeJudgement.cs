using SwarmOps.GeoDns.Definition;
using SwarmOps.GeoDns.Running;
using SwarmOps.GeoDns.State;

namespace SwarmOps.GeoDns.Proof;

/// <summary>Judges a name server's answer to one client.</summary>
internal static class ProbeJudgement
{
    /// <summary>The probe with its result.</summary>
    /// <param name="definition">The zone.</param>
    /// <param name="server">The name server.</param>
    /// <param name="isTcp">Whether it was asked over TCP.</param>
    /// <param name="client">The client.</param>
    /// <param name="answer">What it answered.</param>
    /// <param name="health">How it sees the nodes; null when that is unknown.</param>
    public static SwarmGeoDnsProbe Of(
        GeoDnsDefinition definition,
        GeoDnsHost server,
        bool isTcp,
        ProbeClient client,
        ServerReply answer,
        ServerHealth? health
    )
    {
        var addresses = answer.Reply?.Addresses ?? [];
        var regions = GeoDnsFindings.RegionsOf(definition, addresses);
        var expected = Expected(definition, client, health);
        var (result, detail, action) = Judge(definition, server, isTcp, client, answer, health, regions, expected);
        return new SwarmGeoDnsProbe
        {
            Server = server.Node,
            ServerRegion = server.Region,
            Protocol = isTcp ? "tcp" : "udp",
            From = client.From,
            Client = client.Network?.ToString() ?? "",
            Expected = expected,
            Regions = regions,
            Addresses = addresses,
            Milliseconds = answer.Milliseconds is { } time ? Math.Round(time, 1) : null,
            Result = result,
            Detail = detail,
            RecommendedAction = action,
        };
    }

    /// <summary>The regions that the answer should have: the first healthy one; all of them when none is.</summary>
    private static IReadOnlyList<string> Expected(GeoDnsDefinition definition, ProbeClient client, ServerHealth? health)
    {
        if (health is null)
            return [];
        var any = definition.Regions.Any(region => region.Nodes.Any(node => health.Answers(region, node)));
        if (!any)
            return [.. definition.Regions.Select(region => region.Name).Order(StringComparer.Ordinal)];
        return GeoDnsFindings.Expected(definition, client.Order, health) is { } region ? [region] : [];
    }

    private static (FindingResult Result, string Detail, string Action) Judge(
        GeoDnsDefinition definition,
        GeoDnsHost server,
        bool isTcp,
        ProbeClient client,
        ServerReply answer,
        ServerHealth? health,
        IReadOnlyList<string> regions,
        IReadOnlyList<string> expected
    )
    {
        var service = GeoDnsNames.Service(definition.Zone, server.Number);
        if (answer.Reply is null)
            return (
                FindingResult.Fail,
                $"No usable answer: {answer.Error}",
                $"Check the service (Get-SwarmService -Name {service}) and open 53/{(isTcp ? "tcp" : "udp")} on '{server.Node}'."
            );
        if (regions.Count == 0)
            return (FindingResult.Fail, "The answer has no address", $"Run New-SwarmGeoDns -Zone {definition.Zone} again.");
        if (answer.Reply.Addresses.FirstOrDefault(address => definition.RegionOf(address) is null) is { } stranger)
            return (
                FindingResult.Fail,
                $"The answer has the address {stranger}, which is no node of '{definition.Service}'",
                $"Run New-SwarmGeoDns -Zone {definition.Zone} again."
            );
        if (health is null)
            return (
                FindingResult.Warning,
                $"Answered with {string.Join("+", regions)}; how the server sees the nodes' health is unknown",
                $"Include '{server.Node}' in the node set, so that its name server can be asked."
            );
        if (expected.Count > 0 && !expected.SequenceEqual(regions))
            return (
                FindingResult.Fail,
                $"Answered with {string.Join("+", regions)}, not {string.Join("+", expected)}",
                $"Run the test again: health may have changed in between. If it stays so, run New-SwarmGeoDns -Zone {definition.Zone} again."
            );
        if (expected.Count > 1)
            return (
                FindingResult.Warning,
                "No region is healthy, so all are answered",
                $"Check the service '{definition.Service}' in every region, or bring a region back with Set-SwarmEdge -In."
            );
        // The region out on purpose, or the nearest one unhealthy: the answer is right, and the client is far from it.
        if (client.Order is [var nearest, ..] && regions is [var only] && only != nearest)
            return (
                FindingResult.Warning,
                $"Answered with {only}, because {nearest} is {(definition.IsOut(nearest) ? "out of DNS" : "not healthy")}",
                definition.IsOut(nearest)
                    ? $"Bring it back with Set-SwarmEdge -Name {definition.Service} -Region {nearest} -In."
                    : $"Check the service there: Get-SwarmService -Name {definition.Service}-{nearest}."
            );
        return (FindingResult.Pass, $"Answered with {string.Join("+", regions)}", "");
    }
}
