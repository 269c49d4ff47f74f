using System.Collections;
using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Services.Stored;

/// <summary>Creates a config: a file that services can mount.</summary>
[Cmdlet(VerbsCommon.New, "SwarmConfig", SupportsShouldProcess = true, DefaultParameterSetName = ByValue)]
[OutputType(typeof(SwarmConfig))]
public sealed class NewSwarmConfigCommand : ConfigValueCmdlet
{
    /// <summary>Labels of the config.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Label { get; set; } = new Hashtable();

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new CreateStoredOperation(
            context,
            new CreateStoredRequest(nodes, StoredKind.Config, Name, Content())
            {
                Labels = NameFilters.Labels(Label),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
