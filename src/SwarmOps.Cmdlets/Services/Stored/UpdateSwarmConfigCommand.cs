using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Services.Stored;

/// <summary>Gives a config new content while services use it: each is moved to the new version and seen well, and the old version goes last.</summary>
[Cmdlet(VerbsData.Update, "SwarmConfig", SupportsShouldProcess = true, DefaultParameterSetName = ByValue)]
[OutputType(typeof(SwarmConfig))]
public sealed class UpdateSwarmConfigCommand : ConfigValueCmdlet
{
    /// <summary>How long each service may take until it runs with the new content, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <summary>For how long all tasks of a service must stay as they are, in seconds; without it its update policy's monitor time.</summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public int? StableSeconds { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new RotateStoredOperation(context, StoredKind.Config, ServiceOptions.ForRotation(TimeoutSeconds, StableSeconds, ThrottleLimit)).RunAsync(nodes, Name, Content());
}
