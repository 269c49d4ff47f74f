using System.Diagnostics;
using System.Security.Cryptography;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Nodes.Reachability;

/// <summary>
/// Tests whether nodes reach each other, with real packets and only perl-base on the nodes. Three commands per
/// node, whatever the number of pairs: start a responder on each, probe all targets at once from each, collect what arrived and end the responders.
/// A responder also ends when its SSH connection does.
/// </summary>
internal sealed class ReachabilityProbe(IOperationContext context)
{
    /// <summary>Additional lifetime of a responder: all are started before the first probe is sent.</summary>
    private static readonly TimeSpan SetUpTime = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(1);

    private readonly string session = Convert.ToHexString(RandomNumberGenerator.GetBytes(8)).ToLowerInvariant();

    /// <summary>Time limit of an answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many nodes are processed at the same time.</summary>
    public int ThrottleLimit { get; init; } = 32;

    /// <summary>Probes all targets. A node that cannot be used is not an error: its results are <see cref="ProbeOutcome.NotTested"/>, with the reason.</summary>
    /// <returns>A result for each target, in their order.</returns>
    public async Task<IReadOnlyList<ProbeResult>> ProbeAsync(IReadOnlyList<ProbeTarget> targets)
    {
        var script = new ProbeScript(session);
        List<SwarmNode> nodes =
        [
            .. targets
                .SelectMany(target => target.To is null ? [target.From] : new[] { target.From, target.To })
                .Distinct(ReferenceEqualityComparer.Instance)
                .Cast<SwarmNode>(),
        ];
        List<NumberedTarget> numbered =
        [
            .. targets.Select(
                (target, id) =>
                    new NumberedTarget(id, target, nodes.IndexOf(target.From), target.To is null ? null : nodes.IndexOf(target.To))
            ),
        ];

        var responders = await ListenAsync(script, nodes, numbered).ConfigureAwait(false);
        var probing = Stopwatch.StartNew();
        var probers = await SendAsync(script, nodes, numbered, responders).ConfigureAwait(false);
        var patience = Timeout - probing.Elapsed > LeastPatience ? Timeout - probing.Elapsed : LeastPatience;
        responders = await CollectAsync(script, nodes, numbered, responders, probers, patience).ConfigureAwait(false);

        var judge = new ProbeJudge(nodes, responders, Timeout);
        return [.. numbered.Select(entry => judge.Judge(entry.Id, entry.Target, entry.To, probers[entry.From]))];
    }

    private Task<IReadOnlyDictionary<int, ResponderReport>> ListenAsync(
        ProbeScript script,
        List<SwarmNode> nodes,
        List<NumberedTarget> targets
    ) =>
        OnEachAsync(
            nodes,
            targets.Where(entry => entry.To is not null).ToLookup(entry => entry.To!.Value),
            async (number, connection, incoming) =>
                ProbeScript.ReadListen(
                    await connection
                        .RunAsync(
                            script.Listen(number, incoming.Select(entry => entry.Target), SetUpTime + (2 * Timeout)),
                            context.CancellationToken
                        )
                        .ConfigureAwait(false)
                ),
            failure => new ResponderReport { Failure = failure }
        );

    private Task<IReadOnlyDictionary<int, ProberReport>> SendAsync(
        ProbeScript script,
        List<SwarmNode> nodes,
        List<NumberedTarget> targets,
        IReadOnlyDictionary<int, ResponderReport> responders
    ) =>
        OnEachAsync(
            nodes,
            targets.ToLookup(entry => entry.From),
            async (_, connection, outgoing) =>
                ProbeScript.ReadProbe(
                    await connection
                        .RunAsync(
                            script.Probe(outgoing.Select(entry => (entry.Id, entry.Target, AnsweringNode(entry, responders))), Timeout),
                            context.CancellationToken
                        )
                        .ConfigureAwait(false)
                ),
            failure => new ProberReport { Failure = failure }
        );

    private async Task<IReadOnlyDictionary<int, ResponderReport>> CollectAsync(
        ProbeScript script,
        List<SwarmNode> nodes,
        List<NumberedTarget> targets,
        IReadOnlyDictionary<int, ResponderReport> responders,
        IReadOnlyDictionary<int, ProberReport> probers,
        TimeSpan patience
    )
    {
        var collected = await OnEachAsync(
                nodes,
                targets.Where(entry => entry.To is { } to && responders[to].Failure is null).ToLookup(entry => entry.To!.Value),
                async (number, connection, incoming) =>
                    responders[number] with
                    {
                        Seen = ProbeScript.ReadCollect(
                            await connection
                                .RunAsync(
                                    script.Collect(incoming.Where(entry => IsOnItsWay(entry, probers)).Select(entry => entry.Id), patience),
                                    context.CancellationToken
                                )
                                .ConfigureAwait(false)
                        ),
                    },
                failure => new ResponderReport { Failure = failure }
            )
            .ConfigureAwait(false);
        return responders.ToDictionary(entry => entry.Key, entry => collected.GetValueOrDefault(entry.Key, entry.Value));
    }

    /// <summary>The node that the answer must identify; null where another program holds the port and answers in its own way.</summary>
    private static int? AnsweringNode(NumberedTarget entry, IReadOnlyDictionary<int, ResponderReport> responders) =>
        entry.To is { } to && responders[to].Own.Contains(ResponderReport.PortKey(entry.Target)) ? to : null;

    private static bool IsOnItsWay(NumberedTarget entry, IReadOnlyDictionary<int, ProberReport> probers) =>
        entry.Target.Protocol != ProbeProtocol.Tcp
        && probers[entry.From].Results.TryGetValue(entry.Id, out var result)
        && result.Status == "sent";

    private async Task<IReadOnlyDictionary<int, TReport>> OnEachAsync<TReport>(
        List<SwarmNode> nodes,
        ILookup<int, NumberedTarget> work,
        Func<int, INodeConnection, IEnumerable<NumberedTarget>, Task<TReport>> run,
        Func<string, TReport> fail
    )
    {
        var reports = await Throttle
            .ForEachAsync(
                work,
                ThrottleLimit,
                async group =>
                {
                    try
                    {
                        return (group.Key, Report: await run(group.Key, context.Connection(nodes[group.Key]), group).ConfigureAwait(false));
                    }
                    catch (SwarmOpsException error)
                    {
                        return (group.Key, Report: fail(error.Message));
                    }
                },
                context.CancellationToken
            )
            .ConfigureAwait(false);
        return reports.ToDictionary(report => report.Key, report => report.Report);
    }

    /// <summary>A target with its number, and the numbers of its nodes.</summary>
    private sealed record NumberedTarget(int Id, ProbeTarget Target, int From, int? To);
}
