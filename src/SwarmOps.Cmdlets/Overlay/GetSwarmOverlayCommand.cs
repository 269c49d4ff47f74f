using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Overlay;

/// <summary>Gets the overlay networks of a swarm, and the state of the NAT rule on its nodes.</summary>
[Cmdlet(VerbsCommon.Get, "SwarmOverlay")]
[OutputType(typeof(SwarmOverlay))]
public sealed class GetSwarmOverlayCommand : NodeSetCmdlet
{
    /// <summary>Names of networks; wildcards are permitted. The default is all.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Includes the swarm's ingress network.</summary>
    [Parameter]
    public SwitchParameter IncludeIngress { get; set; }

    /// <summary>Does not read NAT and the NAT rule from the hosts.</summary>
    [Parameter]
    public SwitchParameter SkipNatRepair { get; set; }

    /// <summary>Time limit for reading the rule from one host, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new GetOverlayOperation(
            context,
            new GetOverlayRequest(nodes)
            {
                Names = NameFilters.From(Name),
                IncludeIngress = IncludeIngress,
                SkipNatRepair = SkipNatRepair,
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
