using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Folders.State;

/// <summary>Gets shared folders as their nodes report them: completion, what is on its way, conflicts and other findings.</summary>
[Cmdlet(VerbsCommon.Get, "SwarmSharedFolder")]
[OutputType(typeof(SwarmSharedFolder))]
public sealed class GetSwarmSharedFolderCommand : NodeSetCmdlet
{
    /// <summary>Names, with wildcards; by default all.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FolderNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new GetFolderOperation(
            context,
            new GetFolderRequest(nodes) { Names = NameFilters.From(Name), ThrottleLimit = ThrottleLimit }
        ).RunAsync();
}
