using System.Collections;
using System.Globalization;
using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Overlay;

/// <summary>Makes an encrypted overlay network, and mends what 1:1 NAT does to it on the nodes.</summary>
[Cmdlet(VerbsCommon.New, "EncryptedOverlay", SupportsShouldProcess = true)]
[OutputType(typeof(SwarmOverlay))]
public sealed class NewEncryptedOverlayCommand : NodeSetChangeCmdlet
{
    /// <summary>Name of the network.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>IPv4 subnets in CIDR form; without it the swarm takes a free one from its address pool.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Subnet { get; set; } = [];

    /// <summary>Gateways, at most one a subnet; without it the first address of each.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Gateway { get; set; } = [];

    /// <summary>MTU in bytes of the path between the nodes, 1500 without it; interfaces get 76 less, on a plain overlay 50.</summary>
    [Parameter]
    public int? Mtu { get; set; }

    /// <summary>Labels of the network.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable Label { get; set; } = [];

    /// <summary>Only services may use it, no stand-alone containers.</summary>
    [Parameter]
    public SwitchParameter NotAttachable { get; set; }

    /// <summary>Containers on it reach only each other, not the world.</summary>
    [Parameter]
    public SwitchParameter Internal { get; set; }

    /// <summary>Makes a plain overlay instead, for networks that are encrypted below it or kernels that have no ESP.</summary>
    [Parameter]
    public SwitchParameter Unencrypted { get; set; }

    /// <summary>Leaves the nodes as they are, also when they are behind NAT.</summary>
    [Parameter]
    public SwitchParameter SkipNatRepair { get; set; }

    /// <summary>Proves the network by packets between every pair of nodes, as Test-SwarmOverlay does, and fails when they do not arrive.</summary>
    [Parameter]
    public SwitchParameter Verify { get; set; }

    /// <summary>How long each wait may take, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        if (Verify && NotAttachable)
            throw OverlayErrors.OverlayNotAttachable(Name);
        var request = new OverlayRequest
        {
            Name = Name,
            Encrypted = !Unencrypted,
            Attachable = !NotAttachable,
            Internal = Internal,
            Subnet = Subnet,
            Gateway = Gateway,
            Mtu = Mtu,
            Labels = Label.Cast<DictionaryEntry>().ToDictionary(
                entry => Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "",
                entry => Convert.ToString(entry.Value, CultureInfo.InvariantCulture) ?? ""),
        };
        return CreateOverlayOperation.RunAsync(context, nodes, new CreateOverlayOptions(request, SkipNatRepair, TimeSpan.FromSeconds(TimeoutSeconds), ThrottleLimit) { Verify = Verify });
    }
}
