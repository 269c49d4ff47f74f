using SwarmOps.Pipeline;
using SwarmOps.Services.Registry;

namespace SwarmOps.Galera;

/// <summary>Pulls images to their nodes and checks that they can run a Galera node, before a cluster is changed.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="registry">The source of the credential for their registry; null for none.</param>
/// <param name="throttleLimit">How many nodes are processed at the same time.</param>
internal sealed class GaleraImages(IOperationContext context, RegistryLogin? registry, int throttleLimit)
{
    /// <summary>Whether to skip pulling an image that the node has.</summary>
    public bool SkipRegistry { get; init; }

    /// <summary>Whether the images bootstrap by themselves; then they only have to be present.</summary>
    public bool StartThemselves { get; init; }

    /// <summary>Whether Galera uses TLS.</summary>
    public bool Tls { get; init; }

    /// <summary>Pulls and checks on all nodes at once, after confirmation; the check runs a container without network and removes it.</summary>
    /// <param name="uses">The nodes and their images.</param>
    /// <param name="activity">The activity in the progress display.</param>
    /// <returns>True if all images are ready; false if the user declined.</returns>
    /// <exception cref="SwarmOpsException"><c>GaleraImageUnfit</c>, <c>ImageNotOnNode</c>, the credential's and the transport's errors.</exception>
    public async Task<bool> CheckAsync(IReadOnlyList<GaleraImageUse> uses, string activity)
    {
        if (uses.Count == 0)
            return true;
        var images = string.Join(", ", uses.Select(use => use.Image).Distinct());
        var nodes = string.Join(", ", uses.Select(use => use.Node.Name));
        if (
            !await context
                .ShouldProcessAsync(nodes, $"Pull the image {images} and check that it can run a Galera node")
                .ConfigureAwait(false)
        )
            return false;
        var faults = await Throttle
            .ForEachAsync(uses, throttleLimit, use => CheckAsync(use, activity), context.CancellationToken)
            .ConfigureAwait(false);
        return faults.OfType<SwarmOpsException>().FirstOrDefault() is { } fault ? throw fault : true;
    }

    /// <summary>Returns the error, so that one node's failure does not stop the others.</summary>
    private async Task<SwarmOpsException?> CheckAsync(GaleraImageUse use, string activity)
    {
        try
        {
            var connection = context.Connection(use.Node);
            var login = registry is null ? null : await registry.HeaderAsync(use.Image, context.CancellationToken).ConfigureAwait(false);
            var image = new NodeImage(connection, use.Image, login);
            if (!SkipRegistry || !await image.IsThereAsync(context.CancellationToken).ConfigureAwait(false))
            {
                var kept = await image
                    .PullAsync(done => Say(activity, $"{use.Node.Name}: pulling {use.Image}: {done}"), context.CancellationToken)
                    .ConfigureAwait(false);
                if (kept is not null)
                    context.WriteVerbose($"{use.Node.Name} uses its local image '{use.Image}', because it could not be pulled: {kept}");
            }

            if (StartThemselves)
                return null;
            Say(activity, $"{use.Node.Name}: checking {use.Image}");
            var why = await new GaleraImageTrial(connection, use.Image)
                .RunAsync(use.IsArbitrator, Tls, context.CancellationToken)
                .ConfigureAwait(false);
            return why is null ? null : GaleraErrors.GaleraImageUnfit(use.Image, $"on '{use.Node.Name}' {why}");
        }
        catch (SwarmOpsException error)
        {
            return error;
        }
    }

    private void Say(string activity, string status) => context.WriteProgress(new OperationProgress(0, activity, status));
}
