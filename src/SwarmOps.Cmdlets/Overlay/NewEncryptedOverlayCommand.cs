using System.Collections;
using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Overlay;

/// <summary>Creates an encrypted overlay network, and installs the NAT rule on nodes behind 1:1 NAT.</summary>
[Cmdlet(VerbsCommon.New, "EncryptedOverlay", SupportsShouldProcess = true)]
[OutputType(typeof(SwarmOverlay))]
public sealed class NewEncryptedOverlayCommand : NodeSetChangeCmdlet
{
    /// <summary>Name of the network.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>IPv4 subnets in CIDR form; by default the swarm allocates a free one from its address pool.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Subnet { get; set; } = [];

    /// <summary>Gateways, at most one per subnet; the default is the first address of each.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Gateway { get; set; } = [];

    /// <summary>MTU of the path between the nodes, in bytes; the default is 1500. Interfaces get 76 less, on an unencrypted network 50 less.</summary>
    [Parameter]
    public int? Mtu { get; set; }

    /// <summary>Labels of the network.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable Label { get; set; } = [];

    /// <summary>Only services can use the network, not standalone containers.</summary>
    [Parameter]
    public SwitchParameter NotAttachable { get; set; }

    /// <summary>Containers on the network have no external connectivity.</summary>
    [Parameter]
    public SwitchParameter Internal { get; set; }

    /// <summary>Creates an unencrypted overlay network, for networks that are encrypted below it or kernels without ESP.</summary>
    [Parameter]
    public SwitchParameter Unencrypted { get; set; }

    /// <summary>Does not install the NAT rule, even when nodes are behind NAT.</summary>
    [Parameter]
    public SwitchParameter SkipNatRepair { get; set; }

    /// <summary>Tests the network with packets between every pair of nodes, as Test-SwarmOverlay does, and fails when they do not arrive.</summary>
    [Parameter]
    public SwitchParameter Verify { get; set; }

    /// <summary>Time limit of each wait, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        if (Verify && NotAttachable)
            throw OverlayErrors.OverlayNotAttachable(Name);
        var overlay = new OverlayRequest
        {
            Name = Name,
            Encrypted = !Unencrypted,
            Attachable = !NotAttachable,
            Internal = Internal,
            Subnet = Subnet,
            Gateway = Gateway,
            Mtu = Mtu,
            Labels = NameFilters.Labels(Label),
        };
        return new CreateOverlayOperation(
            context,
            new CreateOverlayRequest(nodes, overlay)
            {
                SkipNatRepair = SkipNatRepair,
                Verify = Verify,
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
    }
}
