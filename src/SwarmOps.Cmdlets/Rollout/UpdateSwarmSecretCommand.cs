using System.Management.Automation;
using SwarmOps.GeoDns.Drain;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Stored;

namespace SwarmOps.Rollout;

/// <summary>Gives a secret a new value while services use it: each service is moved to the new version and must converge, and the old version is removed last.</summary>
[Cmdlet(VerbsData.Update, "SwarmSecret", SupportsShouldProcess = true, DefaultParameterSetName = ByGenerate)]
[OutputType(typeof(SwarmSecret))]
public sealed class UpdateSwarmSecretCommand : SecretValueCmdlet
{
    /// <summary>How long each service may take to converge with the new value, in seconds.</summary>
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
    private protected override async Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        var value = await ValueAsync().ConfigureAwait(false);
        await new RotateStoredOperation(
            context,
            new RotateStoredRequest(nodes, StoredKind.Secret, Name, value)
            {
                IsGenerated = IsGenerated,
                Keep = MadeInto is { } vault ? made => OnPipelineThreadAsync(() => vault.Write(made)) : null,
                Options = ServiceOptions.ForRotation(TimeoutSeconds, StableSeconds, ThrottleLimit) with
                {
                    Traffic = NoDrain ? null : new GeoDnsTraffic(),
                },
            }
        ).RunAsync().ConfigureAwait(false);
    }
}
