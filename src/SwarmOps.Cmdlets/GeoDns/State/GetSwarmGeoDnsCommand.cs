using System.Management.Automation;
using SwarmOps.GeoDns.Formation;
using SwarmOps.Pipeline;

namespace SwarmOps.GeoDns.State;

/// <summary>Gets the zones whose name servers run on a swarm, as each name server answers them, with findings.</summary>
[Cmdlet(VerbsCommon.Get, "SwarmGeoDns")]
[OutputType(typeof(SwarmGeoDns))]
public sealed class GetSwarmGeoDnsCommand : NodeSetCmdlet
{
    /// <summary>Zones, with wildcards; by default all.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GeoDnsZoneCompleter))]
    public string[] Zone { get; set; } = [];

    /// <summary>Addresses or networks of clients to ask for; by default one for each mapped region, and with a database one in each continent.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Client { get; set; } = [];

    /// <summary>The resolver that finds the parent zone; by default those of this machine.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Resolver { get; set; }

    /// <summary>Does not ask the parent zone.</summary>
    [Parameter]
    public SwitchParameter SkipDelegation { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new GetGeoDnsOperation(
            context,
            new GetGeoDnsRequest(nodes)
            {
                Zones = NameFilters.From(Zone),
                Clients = GeoDnsRules.Clients(Client),
                LooksUpDelegation = !SkipDelegation,
                Resolver = Resolver is { } address ? GeoDnsRules.Resolver(address) : null,
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
