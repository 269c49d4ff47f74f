using System.Management.Automation;
using SwarmOps.Completion;
using SwarmOps.Swarm.Members;
using SwarmOps.Transport;

namespace SwarmOps.Overlay;

/// <summary>Completes the names of a swarm's overlay networks.</summary>
public sealed class OverlayNameCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request)
    {
        var withIngress =
            request.Bound.GetValueOrDefault(nameof(GetSwarmOverlayCommand.IncludeIngress)) is true or SwitchParameter { IsPresent: true };
        return (PromptManager.Recall(NodesAtHand.Of(request), "overlays", ListAsync) ?? [])
            .Where(network => withIngress || !network.IsIngress)
            .Select(network => new Candidate(
                network.Name,
                string.Join(", ", network.Subnets.Prepend(network.Encrypted ? "encrypted" : "not encrypted"))
            ));
    }

    private static async Task<List<OverlayNetwork>> ListAsync(INodeConnection manager, CancellationToken cancellationToken)
    {
        // A worker would answer too, with those of the networks that its own tasks use; it refuses to list nodes.
        var refusal = manager.AskAsync(engine => engine.Swarm.ListNodesAsync(cancellationToken), cancellationToken);
        var networks = OverlayNetworks.ListAsync(manager, cancellationToken);
        await Task.WhenAll(refusal, networks).ConfigureAwait(false);
        return [.. (await networks.ConfigureAwait(false)).Where(OverlayNetwork.IsOverlay).Select(network => new OverlayNetwork(network))];
    }
}
