using SwarmOps.Overlay;
using SwarmOps.Overlay.Proof;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Maintenance.Suspension;

/// <summary>Tests the overlay networks of a node that came back, with packets to and from one node of each region.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="target">The node.</param>
/// <param name="request">How it is tested.</param>
internal sealed class ReturnProof(IOperationContext context, SwarmSession swarm, MaintenanceTarget target, ResumeNodeRequest request)
{
    /// <summary>How long a new leader may take to hear from the other nodes.</summary>
    private static readonly TimeSpan LeaderTime = TimeSpan.FromSeconds(30);

    /// <summary>Tests the networks that services use.</summary>
    /// <returns>What is wrong; empty when packets arrive.</returns>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(NodeLoad load)
    {
        if (await PeersAsync().ConfigureAwait(false) is not { } peers)
        {
            context.WriteWarning($"No other node answered, so the overlay networks of '{target.Name}' were not tested.");
            return [];
        }

        var used = load.Services.SelectMany(view => view.Service.Networks).ToHashSet(StringComparer.Ordinal);
        var networks = (await swarm.ReadNetworksAsync().ConfigureAwait(false))
            .Where(network => OverlayNetwork.IsOverlay(network) && !network.Ingress && used.Contains(network.ID))
            .OrderBy(network => network.Name, StringComparer.Ordinal)
            .ToList();
        var failures = new List<string>();
        foreach (var network in networks)
        {
            if (!network.Attachable)
                context.WriteWarning(
                    $"The network '{network.Name}' was not tested, since it is not attachable. New-EncryptedOverlay creates networks that can be tested."
                );
            else
                failures.AddRange(await TestAsync(network.Name, peers).ConfigureAwait(false));
        }

        return failures;
    }

    private async Task<IReadOnlyList<string>> TestAsync(string network, IReadOnlyList<SwarmNode> peers)
    {
        var relayed = new RelayedContext(context, answer: true);
        var paths = await new TestOverlayOperation(
            relayed,
            new TestOverlayRequest([target.Node, .. peers], network) { Image = request.ProbeImage, ThrottleLimit = request.ThrottleLimit }
        )
            .RunAsync()
            .ConfigureAwait(false);
        List<SwarmOverlayPath> own = [.. paths.Where(path => path.From == target.Name || path.To == target.Name)];
        foreach (
            var sentence in OverlayVerdict.Sentences([
                .. own.Where(path => path.Result is FindingResult.NotTested or FindingResult.Warning),
            ])
        )
            context.WriteWarning(sentence);
        return OverlayVerdict.Sentences([.. own.Where(path => path.Result == FindingResult.Fail)]);
    }

    /// <summary>One node of each region that is in service and answers; null when there is none. A new leader has to hear from each node first.</summary>
    private Task<IReadOnlyList<SwarmNode>?> PeersAsync() =>
        Polling.UntilAsync(
            async () =>
            {
                var view = await swarm.ReadViewAsync().ConfigureAwait(false);
                IReadOnlyList<SwarmNode> found =
                [
                    .. swarm
                        .Observations.Where(own => own.NodeId != target.NodeId && IsInService(view, own.NodeId))
                        .Select(own => own.Node)
                        .GroupBy(node => node.Region, StringComparer.Ordinal)
                        .Select(region => region.First()),
                ];
                return found.Count > 0 ? found : null;
            },
            LeaderTime,
            context.CancellationToken
        );

    private static bool IsInService(SwarmView view, string nodeId) =>
        view.Find(nodeId) is { Status.State: "ready", Spec.Availability: "active" };
}
