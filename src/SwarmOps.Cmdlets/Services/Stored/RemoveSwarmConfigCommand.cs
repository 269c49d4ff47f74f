using System.Management.Automation;

namespace SwarmOps.Services.Stored;

/// <summary>Removes configs that no service uses.</summary>
[Cmdlet(
    VerbsCommon.Remove,
    "SwarmConfig",
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = ByName
)]
[OutputType(typeof(void))]
public sealed class RemoveSwarmConfigCommand()
    : RemoveStoredCmdlet<SwarmConfig>(
        StoredKind.Config,
        config => config.SwarmId,
        config => config.Nodes,
        config => config.Name,
        config => config.Id
    )
{
    /// <summary>Names of the configs; all their versions are removed.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ConfigNameCompleter))]
    public override string[] Name { get; set; } = [];

    /// <summary>The configs, from <c>New-SwarmConfig</c> or <c>Get-SwarmConfig</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNullOrEmpty]
    public SwarmConfig[] Config { get; set; } = [];

    /// <inheritdoc/>
    private protected override SwarmConfig[] Given => Config;
}
