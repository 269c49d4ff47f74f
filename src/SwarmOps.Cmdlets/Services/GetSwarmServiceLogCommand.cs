using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Services;

/// <summary>Shows what the tasks of services have written, from all nodes, in the order of time.</summary>
[Cmdlet(VerbsCommon.Get, "SwarmServiceLog")]
[OutputType(typeof(SwarmLogEntry))]
public sealed class GetSwarmServiceLogCommand : NodeSetCmdlet
{
    /// <summary>Names of the services.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>How many lines of each task; all without it.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Tail { get; set; }

    /// <summary>Lines from then on.</summary>
    [Parameter]
    public DateTime Since { get; set; }

    /// <summary>Goes on with new lines as they are written, until Ctrl+C.</summary>
    [Parameter]
    public SwitchParameter Follow { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) => new ServiceLogOperation(context, ThrottleLimit)
    {
        Tail = MyInvocation.BoundParameters.ContainsKey(nameof(Tail)) ? Tail : null,
        Since = MyInvocation.BoundParameters.ContainsKey(nameof(Since)) ? Since : null,
        Follow = Follow,
    }.RunAsync(nodes, Name);
}
