using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Nodes.Installation;

/// <summary><c>Install-SwarmEngine</c>: sees to it that every node has a Docker engine that answers.</summary>
[Cmdlet(VerbsLifecycle.Install, "SwarmEngine", SupportsShouldProcess = true)]
[OutputType(typeof(SwarmNode))]
public sealed class InstallSwarmEngineCommand : NodeSetCmdlet
{
    /// <summary>Where an engine is installed from, where there is none.</summary>
    [Parameter]
    public EngineSource Source { get; set; } = EngineSource.Distribution;

    /// <summary>How long one node may take, in seconds, from the first command until its engine answers.</summary>
    [Parameter]
    [ValidateRange(10, 7200)]
    public int TimeoutSeconds { get; set; } = 600;

    /// <inheritdoc/>
    private protected override async Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        var done = 0;
        var engines = await NodeSet.ForEachAsync(context, nodes, ThrottleLimit, async node =>
        {
            var installation = new EngineInstallation(context, Source, TimeSpan.FromSeconds(TimeoutSeconds));
            var engine = await installation.RunAsync(node).ConfigureAwait(false);
            var count = Interlocked.Increment(ref done);
            context.WriteProgress(new OperationProgress(0, "Install-SwarmEngine", $"{count} of {nodes.Count} nodes done", 100 * count / nodes.Count, count == nodes.Count));
            return engine;
        }).ConfigureAwait(false);
        foreach (var node in engines.OfType<SwarmNode>())
            context.WriteObject(node);
    }
}
