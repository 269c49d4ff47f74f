using System.Management.Automation;

namespace SwarmOps.Services.Stored;

/// <summary>Gets the configs of a swarm and the services that use them.</summary>
[Cmdlet(VerbsCommon.Get, "SwarmConfig")]
[OutputType(typeof(SwarmConfig))]
public sealed class GetSwarmConfigCommand() : GetStoredCmdlet(StoredKind.Config)
{
    /// <summary>Names, with wildcards; by default all.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ConfigNameCompleter))]
    public override string[] Name { get; set; } = [];
}
