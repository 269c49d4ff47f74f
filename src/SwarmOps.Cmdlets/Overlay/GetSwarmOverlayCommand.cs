using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Overlay;

/// <summary>Shows the overlay networks of a swarm, and which nodes are mended for encrypted ones across NAT.</summary>
[Cmdlet(VerbsCommon.Get, "SwarmOverlay")]
[OutputType(typeof(SwarmOverlay))]
public sealed class GetSwarmOverlayCommand : NodeSetCmdlet
{
    /// <summary>Names of networks, with wildcards; all without it.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Shows the swarm's routing mesh too.</summary>
    [Parameter]
    public SwitchParameter IncludeIngress { get; set; }

    /// <summary>Does not ask the hosts about NAT and the rule.</summary>
    [Parameter]
    public SwitchParameter SkipNatRepair { get; set; }

    /// <summary>How long asking one host about the rule may take, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) => GetOverlayOperation.RunAsync(
        context, nodes, [.. Name.Select(Filter)], IncludeIngress, SkipNatRepair, TimeSpan.FromSeconds(TimeoutSeconds), ThrottleLimit);

    private static NameFilter Filter(string name)
    {
        var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
        return new NameFilter(name, WildcardPattern.ContainsWildcardCharacters(name), pattern.IsMatch);
    }
}
