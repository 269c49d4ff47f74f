using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Services.Stored;

/// <summary>Removes configs that no service uses.</summary>
[Cmdlet(VerbsCommon.Remove, "SwarmConfig", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = ByName)]
[OutputType(typeof(void))]
public sealed class RemoveSwarmConfigCommand : SwarmChangeCmdlet
{
    private const string ByName = "ByName";
    private const string ByObject = "ByConfig";

    private readonly List<SwarmNode> nodes = [];
    private readonly List<SwarmConfig> given = [];

    /// <summary>The nodes of the swarm; by default the nodes of the configs from the pipeline.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Node { get; set; } = [];

    /// <summary>Names of the configs; all their versions are removed.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ConfigNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The configs, from <c>New-SwarmConfig</c> or <c>Get-SwarmConfig</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNullOrEmpty]
    public SwarmConfig[] Config { get; set; } = [];

    /// <inheritdoc/>
    private protected override Task ProcessAsync(IOperationContext context)
    {
        if (ParameterSetName == ByObject)
            given.AddRange(Config);
        else
            nodes.AddRange(Node);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    private protected override async Task EndAsync(IOperationContext context)
    {
        if (ParameterSetName == ByName)
        {
            NodeSet.Check(nodes);
            if (nodes.Count > 0)
                await RemoveAsync(context, nodes, Name, []).ConfigureAwait(false);
            return;
        }

        foreach (var swarm in given.GroupBy(item => item.SwarmId))
        {
            IReadOnlyList<SwarmNode> members = Node.Length > 0 ? Node : [.. swarm.SelectMany(item => item.Nodes).DistinctBy(node => node.Name)];
            if (members.Count == 0)
                throw StoredErrors.ServiceNodeMissing(swarm.First().Name);
            NodeSet.Check(members);
            await RemoveAsync(context, members, [], [.. swarm.Select(item => item.Id)]).ConfigureAwait(false);
        }
    }

    private Task RemoveAsync(IOperationContext context, IReadOnlyList<SwarmNode> members, IReadOnlyList<string> names, IReadOnlyList<string> ids) =>
        ChangeAsync(context, scope => new RemoveStoredOperation(scope, StoredKind.Config, ThrottleLimit).RunAsync(members, names, ids));
}
