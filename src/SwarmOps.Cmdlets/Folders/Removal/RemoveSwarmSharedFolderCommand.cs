using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Services;

namespace SwarmOps.Folders.Removal;

/// <summary>Removes a shared folder: its copies are no longer kept alike. All files stay on all nodes.</summary>
[Cmdlet(
    VerbsCommon.Remove,
    "SwarmSharedFolder",
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = ByName
)]
[OutputType(typeof(void))]
public sealed class RemoveSwarmSharedFolderCommand()
    : RemoveCmdlet<SwarmSharedFolder>(folder => folder.SwarmId, folder => folder.Nodes, folder => folder.Name)
{
    private const string ByFolder = "ByFolder";

    /// <summary>The nodes of the swarm; by default the nodes of the folders from the pipeline.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByFolder)]
    [ValidateNotNullOrEmpty]
    public override SwarmNode[] Node { get; set; } = [];

    /// <summary>Name of the folder.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FolderNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>The folders, from <c>New-SwarmSharedFolder</c> or <c>Get-SwarmSharedFolder</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByFolder)]
    [ValidateNotNullOrEmpty]
    public SwarmSharedFolder[] InputObject { get; set; } = [];

    /// <summary>How long the containers may take to stop, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <inheritdoc/>
    private protected override SwarmSharedFolder[] Given => InputObject;

    /// <inheritdoc/>
    private protected override IEnumerable<(IReadOnlyList<SwarmNode> Nodes, IReadOnlyList<SwarmSharedFolder> Items)> Batches(
        TargetInput<SwarmSharedFolder> input
    ) => input.OneByOne(Node);

    /// <inheritdoc/>
    private protected override Task RemoveNamedAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        RemoveAsync(context, nodes, Name);

    /// <inheritdoc/>
    private protected override Task RemoveGivenAsync(
        IOperationContext context,
        IReadOnlyList<SwarmNode> nodes,
        IReadOnlyList<SwarmSharedFolder> items
    ) => RemoveAsync(context, nodes, items[0].Name);

    private Task RemoveAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes, string name) =>
        new RemoveFolderOperation(
            context,
            new RemoveFolderRequest(nodes, name)
            {
                Options = new ServiceOptions { Timeout = TimeSpan.FromSeconds(TimeoutSeconds), ThrottleLimit = ThrottleLimit },
            }
        ).RunAsync();
}
