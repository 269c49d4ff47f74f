using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Managers;

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
    private protected override async Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        var session = await SwarmSession
            .OpenAsync(context, nodes, ThrottleLimit, TimeSpan.FromSeconds(TimeoutSeconds))
            .ConfigureAwait(false);
        var named = MemberListing.Merge(session);
        foreach (var name in Name.Where(name => !WildcardPattern.ContainsWildcardCharacters(name) && !named.Any(node => Fits(name, node))))
            context.WriteError(ManagerErrors.NodeNotFound(name, session.SwarmId));
        foreach (var node in named.Where(IsWanted))
            context.WriteObject(node);
    }

    private bool IsWanted(SwarmNode node) =>
        (Name.Length == 0 || Name.Any(name => Fits(name, node)))
        && (Region.Length == 0 || Region.Any(region => Pattern(region).IsMatch(node.Region ?? "")))
        && (!Has(nameof(Role)) || node.Role == Role)
        && (!Has(nameof(State)) || node.State == State)
        && (!Has(nameof(Availability)) || node.Availability == Availability);

    private static bool Fits(string name, SwarmNode node) =>
        Pattern(name) is var pattern && (pattern.IsMatch(node.Name) || pattern.IsMatch(node.Hostname ?? ""));

    private static WildcardPattern Pattern(string text) => new(text, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
}
