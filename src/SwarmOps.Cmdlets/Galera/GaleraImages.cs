using SwarmOps.Pipeline;
using SwarmOps.Services.Registry;

namespace SwarmOps.Galera;

/// <summary>Sees to it that images are on their nodes, and can run what they are to, before anything of a cluster is changed.</summary>
/// <param name="context">The stage that works.</param>
/// <param name="registry">Where the credential for their registry comes from; null for none.</param>
/// <param name="throttleLimit">How many nodes are worked on at the same time.</param>
internal sealed class GaleraImages(IOperationContext context, RegistryLogin? registry, int throttleLimit)
{
    /// <summary>Whether the registry is not asked for an image that a node has.</summary>
    public bool SkipRegistry { get; init; }

    /// <summary>Whether the images start by rules of their own: then they only have to be there.</summary>
    public bool StartThemselves { get; init; }

    /// <summary>Whether Galera is to encrypt.</summary>
    public bool Tls { get; init; }

    /// <summary>Looks on all nodes at once, after asking for consent: images are pulled, and a container without network is run and removed.</summary>
    /// <param name="uses">The nodes and their images.</param>
    /// <param name="activity">What progress is headed with.</param>
    /// <returns>Whether all is well; false when consent was refused.</returns>
    /// <exception cref="SwarmOpsException"><c>GaleraImageUnfit</c>, <c>ImageNotOnNode</c>, the credential's and the transport's errors.</exception>
    public async Task<bool> CheckAsync(IReadOnlyList<GaleraImageUse> uses, string activity)
    {
        if (uses.Count == 0)
            return true;
        var images = string.Join(", ", uses.Select(use => use.Image).Distinct());
        var nodes = string.Join(", ", uses.Select(use => use.Node.Name));
        if (!await context.ShouldProcessAsync(nodes, $"pull the image {images}, and see whether it can run a database node").ConfigureAwait(false))
            return false;
        var faults = await Throttle.ForEachAsync(uses, throttleLimit, use => CheckAsync(use, activity), context.CancellationToken).ConfigureAwait(false);
        return faults.OfType<SwarmOpsException>().FirstOrDefault() is { } fault ? throw fault : true;
    }

    /// <summary>The fault, so that one node's does not end what others are at.</summary>
    private async Task<SwarmOpsException?> CheckAsync(GaleraImageUse use, string activity)
    {
        try
        {
            var connection = context.Connection(use.Node);
            var login = registry is null ? null : await registry.HeaderAsync(use.Image, context.CancellationToken).ConfigureAwait(false);
            var image = new NodeImage(connection, use.Image, login);
            if (!SkipRegistry || !await image.IsThereAsync(context.CancellationToken).ConfigureAwait(false))
            {
                var kept = await image.PullAsync(done => Say(activity, $"{use.Node.Name}: pulling {use.Image}: {done}"), context.CancellationToken).ConfigureAwait(false);
                if (kept is not null)
                    context.WriteVerbose($"{use.Node.Name} uses the image '{use.Image}' that it has; the registry does not give it: {kept}");
            }

            if (StartThemselves)
                return null;
            Say(activity, $"{use.Node.Name}: looking at {use.Image}");
            var why = await new GaleraImageTrial(connection, use.Image).RunAsync(use.IsArbitrator, Tls, context.CancellationToken).ConfigureAwait(false);
            return why is null ? null : GaleraErrors.GaleraImageUnfit(use.Image, $"on '{use.Node.Name}' {why}");
        }
        catch (SwarmOpsException error)
        {
            return error;
        }
    }

    private void Say(string activity, string status) => context.WriteProgress(new OperationProgress(0, activity, status));
}
