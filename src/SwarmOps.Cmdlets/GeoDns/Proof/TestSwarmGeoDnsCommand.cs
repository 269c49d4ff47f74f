using System.Management.Automation;
using SwarmOps.GeoDns.Formation;
using SwarmOps.Pipeline;

namespace SwarmOps.GeoDns.Proof;

/// <summary>Asks every name server of a zone over UDP and TCP for clients in every region.</summary>
[Cmdlet(VerbsDiagnostic.Test, "SwarmGeoDns")]
[OutputType(typeof(SwarmGeoDnsProbe), typeof(bool))]
public sealed class TestSwarmGeoDnsCommand : NodeSetCmdlet
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

    /// <summary>Returns true if every question passed, otherwise false, and nothing else.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new TestGeoDnsOperation(
            context,
            new TestGeoDnsRequest(nodes)
            {
                Zones = NameFilters.From(Zone),
                Clients = GeoDnsRules.Clients(Client),
                IsQuiet = Quiet,
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
