using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Nodes.Preflight;

/// <summary><c>Test-SwarmNode</c>: checks whether a node set can become a swarm, before anything is changed.</summary>
[Cmdlet(VerbsDiagnostic.Test, "SwarmNode")]
[OutputType(typeof(NodeFinding), typeof(bool))]
public sealed class TestSwarmNodeCommand : NodeSetCmdlet
{
    /// <summary>Time limit of an answer between two nodes, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 60)]
    public int TimeoutSeconds { get; set; } = 5;

    /// <summary>The address pools (CIDR) of the overlay networks.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? AddressPool { get; set; }

    /// <summary>Bits of the network part of each network's subnet.</summary>
    [Parameter]
    [ValidateRange(8, 29)]
    public int SubnetSize { get; set; } = AddressPools.DefaultSubnetSize;

    /// <summary>Returns one boolean instead of the findings: whether nothing failed.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    private protected override async Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        AddressPools.Check(AddressPool);
        var preflight = new PreflightOperation(
            context,
            new PreflightRequest(nodes)
            {
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
                AddressPool = AddressPool,
                SubnetSize = SubnetSize,
            }
        );
        var findings = await preflight.RunAsync().ConfigureAwait(false);
        if (Quiet)
        {
            context.WriteObject(!findings.Any(finding => finding.Result == FindingResult.Fail));
            return;
        }

        foreach (var finding in findings)
            context.WriteObject(finding);
    }
}
