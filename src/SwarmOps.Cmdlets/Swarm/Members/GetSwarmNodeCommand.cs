using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Members;

/// <summary>Lists the members of a swarm; those in the node set keep their connection settings.</summary>
[Cmdlet(VerbsCommon.Get, "SwarmNode")]
[OutputType(typeof(SwarmNode))]
public sealed class GetSwarmNodeCommand : NodeSetCmdlet
{
    /// <summary>Names or host names; wildcards are permitted.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(MemberNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Only nodes with this role.</summary>
    [Parameter]
    public SwarmNodeRole Role { get; set; }

    /// <summary>Only nodes in this state.</summary>
    [Parameter]
    public SwarmNodeState State { get; set; }

    /// <summary>Only nodes with this availability.</summary>
    [Parameter]
    public SwarmNodeAvailability Availability { get; set; }

    /// <summary>Only nodes of these regions; wildcards are permitted.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NodeRegionCompleter))]
    public string[] Region { get; set; } = [];

    /// <summary>How long to wait for a leader election, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 30;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new GetNodeOperation(
            context,
            new GetNodeRequest(nodes)
            {
                Names = NameFilters.From(Name),
                Regions = NameFilters.From(Region),
                Role = Has(nameof(Role)) ? Role : null,
                State = Has(nameof(State)) ? State : null,
                Availability = Has(nameof(Availability)) ? Availability : null,
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
