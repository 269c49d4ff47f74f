using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Services;

/// <summary>Gets the log of services from all nodes, in chronological order.</summary>
[Cmdlet(VerbsCommon.Get, "SwarmServiceLog")]
[OutputType(typeof(SwarmLogEntry))]
public sealed class GetSwarmServiceLogCommand : NodeSetCmdlet
{
    /// <summary>Names of the services.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>How many of the last lines of each task; by default all.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Tail { get; set; }

    /// <summary>Only lines written since then.</summary>
    [Parameter]
    public DateTime Since { get; set; }

    /// <summary>Waits for new lines, until Ctrl+C.</summary>
    [Parameter]
    public SwitchParameter Follow { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new ServiceLogOperation(
            context,
            new ServiceLogRequest(nodes, Name)
            {
                Tail = Has(nameof(Tail)) ? Tail : null,
                Since = Has(nameof(Since)) ? Since : null,
                Follow = Follow,
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
