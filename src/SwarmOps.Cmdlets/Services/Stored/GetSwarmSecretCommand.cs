using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Services.Stored;

/// <summary>Gets the secrets of a swarm and the services that use them.</summary>
[Cmdlet(VerbsCommon.Get, "SwarmSecret")]
[OutputType(typeof(SwarmSecret))]
public sealed class GetSwarmSecretCommand : NodeSetCmdlet
{
    /// <summary>Names, with wildcards; by default all.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SecretNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Includes older versions that a rotation has left.</summary>
    [Parameter]
    public SwitchParameter AllVersions { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        GetStoredOperation.RunAsync(context, StoredKind.Secret, nodes, NameFilters.From(Name), AllVersions, ThrottleLimit);
}
