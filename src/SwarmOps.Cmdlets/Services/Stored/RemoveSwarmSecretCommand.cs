using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Services.Stored;

/// <summary>Removes secrets that no service uses.</summary>
[Cmdlet(VerbsCommon.Remove, "SwarmSecret", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = ByName)]
[OutputType(typeof(void))]
public sealed class RemoveSwarmSecretCommand : SwarmChangeCmdlet
{
    private const string ByName = "ByName";
    private const string ByObject = "BySecret";

    private readonly List<SwarmNode> nodes = [];
    private readonly List<SwarmSecret> given = [];

    /// <summary>The nodes of the swarm; by default the nodes of the secrets from the pipeline.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Node { get; set; } = [];

    /// <summary>Names of the secrets; all their versions are removed.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SecretNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The secrets, from <c>New-SwarmSecret</c> or <c>Get-SwarmSecret</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNullOrEmpty]
    public SwarmSecret[] Secret { get; set; } = [];

    /// <inheritdoc/>
    private protected override Task ProcessAsync(IOperationContext context)
    {
        if (ParameterSetName == ByObject)
            given.AddRange(Secret);
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
        ChangeAsync(context, scope => new RemoveStoredOperation(scope, StoredKind.Secret, ThrottleLimit).RunAsync(members, names, ids));
}
