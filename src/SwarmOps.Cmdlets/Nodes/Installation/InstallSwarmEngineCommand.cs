using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Nodes.Installation;

/// <summary><c>Install-SwarmEngine</c>: ensures that every node has a running Docker engine.</summary>
[Cmdlet(VerbsLifecycle.Install, "SwarmEngine", SupportsShouldProcess = true)]
[OutputType(typeof(SwarmNode))]
public sealed class InstallSwarmEngineCommand : NodeSetCmdlet
{
    /// <summary>The source of the engine, for nodes without one.</summary>
    [Parameter]
    public EngineSource Source { get; set; } = EngineSource.Distribution;

    /// <summary>Time limit for one node, in seconds, from the first command until its engine answers.</summary>
    [Parameter]
    [ValidateRange(10, 7200)]
    public int TimeoutSeconds { get; set; } = 600;

    /// <inheritdoc/>
    private protected override async Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        var done = 0;
        var engines = await NodeSet
            .ForEachAsync(
                context,
                nodes,
                ThrottleLimit,
                async node =>
                {
                    var installation = new EngineInstallation(context, Source, TimeSpan.FromSeconds(TimeoutSeconds));
                    var engine = await installation.RunAsync(node).ConfigureAwait(false);
                    var count = Interlocked.Increment(ref done);
                    context.WriteProgress(
                        new OperationProgress(
                            0,
                            "Install-SwarmEngine",
                            $"{count} of {nodes.Count} nodes done",
                            100 * count / nodes.Count,
                            count == nodes.Count
                        )
                    );
                    return engine;
                }
            )
            .ConfigureAwait(false);
        foreach (var node in engines.OfType<SwarmNode>())
            context.WriteObject(node);
    }
}
