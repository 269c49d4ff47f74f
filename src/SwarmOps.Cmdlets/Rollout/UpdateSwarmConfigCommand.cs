using System.Management.Automation;
using SwarmOps.GeoDns.Drain;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Stored;

namespace SwarmOps.Rollout;

/// <summary>Gives a config new content while services use it: each service is moved to the new version and must converge, and the old version is removed last.</summary>
[Cmdlet(VerbsData.Update, "SwarmConfig", SupportsShouldProcess = true, DefaultParameterSetName = ByValue)]
[OutputType(typeof(SwarmConfig))]
public sealed class UpdateSwarmConfigCommand : ConfigValueCmdlet
{
    /// <summary>How long each service may take to converge with the new content, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <summary>How long all tasks of a service must remain stable, in seconds; by default its update policy's monitor time.</summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public int? StableSeconds { get; set; }

    /// <summary>Does not take a region of an edge service out of DNS while its tasks are replaced.</summary>
    [Parameter]
    public SwitchParameter NoDrain { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new RotateStoredOperation(
            context,
            new RotateStoredRequest(nodes, StoredKind.Config, Name, Content())
            {
                Options = ServiceOptions.ForRotation(TimeoutSeconds, StableSeconds, ThrottleLimit) with
                {
                    Traffic = NoDrain ? null : new GeoDnsTraffic(),
                },
            }
        ).RunAsync();
}
