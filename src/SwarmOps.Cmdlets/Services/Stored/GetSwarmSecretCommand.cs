using System.Management.Automation;

namespace SwarmOps.Services.Stored;

/// <summary>Gets the secrets of a swarm and the services that use them.</summary>
[Cmdlet(VerbsCommon.Get, "SwarmSecret")]
[OutputType(typeof(SwarmSecret))]
public sealed class GetSwarmSecretCommand() : GetStoredCmdlet(StoredKind.Secret)
{
    /// <summary>Names, with wildcards; by default all.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SecretNameCompleter))]
    public override string[] Name { get; set; } = [];
}
