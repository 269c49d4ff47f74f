using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Services.Stored;

/// <summary>Shows the secrets of a swarm, and which services use them.</summary>
[Cmdlet(VerbsCommon.Get, "SwarmSecret")]
[OutputType(typeof(SwarmSecret))]
public sealed class GetSwarmSecretCommand : NodeSetCmdlet
{
    /// <summary>Names, with wildcards; all without it.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SecretNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Shows older versions too, where a rotation has left some.</summary>
    [Parameter]
    public SwitchParameter AllVersions { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        GetStoredOperation.RunAsync(context, StoredKind.Secret, nodes, NameFilters.From(Name), AllVersions, ThrottleLimit);
}
