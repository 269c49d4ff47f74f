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
    : RemoveOneCmdlet<SwarmSharedFolder>(folder => folder.SwarmId, folder => folder.Nodes, folder => folder.Name)
{
    /// <summary>Name of the folder.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FolderNameCompleter))]
    public string Name { get; set; } = "";

    /// <inheritdoc/>
    private protected override string NameGiven => Name;

    /// <inheritdoc/>
    private protected override Task RemoveAsync(IOperationContext context, RemoveOneRequest request) =>
        new RemoveFolderOperation(context, request).RunAsync();
}
