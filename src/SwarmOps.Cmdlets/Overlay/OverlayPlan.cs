using System.Globalization;
using System.Net;
using Docker.DotNet.Models;
using SwarmOps.Nodes;

namespace SwarmOps.Overlay;

/// <summary>A validated request, as sent to the engine.</summary>
/// <param name="Request">The request.</param>
/// <param name="Subnets">Its subnets with their gateways (null: the engine's choice), in the order given.</param>
internal sealed record OverlayPlan(OverlayRequest Request, IReadOnlyList<(Ipv4Subnet Subnet, IPAddress? Gateway)> Subnets)
{
    /// <summary>The driver.</summary>
    public const string Driver = "overlay";

    /// <summary>The driver option whose presence enables IPsec (Docker documentation, "Encrypt traffic on an overlay network").</summary>
    public const string EncryptedOption = "encrypted";

    /// <summary>The driver option for the MTU below the overlay: the driver subtracts 50 for VXLAN, and 26 for ESP (moby, libnetwork/drivers/overlay, maxMTU).</summary>
    public const string MtuOption = "com.docker.network.driver.mtu";

    /// <summary>Name of the network.</summary>
    public string Name => Request.Name;

    /// <summary>The parameters sent to the engine.</summary>
    public NetworksCreateParameters ToParameters() =>
        new()
        {
            Name = Request.Name,
            Driver = Driver,
            Scope = "swarm",
            Attachable = Request.Attachable,
            Internal = Request.Internal,
            Options = Options(),
            Labels = Request.Labels.ToDictionary(label => label.Key, label => label.Value),
            IPAM = new IPAM
            {
                Driver = "default",
                Config =
                [
                    .. Subnets.Select(part => new IPAMConfig { Subnet = part.Subnet.ToString(), Gateway = part.Gateway?.ToString() ?? "" }),
                ],
            },
        };

    private Dictionary<string, string> Options()
    {
        var options = new Dictionary<string, string>();
        if (Request.Encrypted)
            options[EncryptedOption] = "";
        if (Request.Mtu is { } mtu)
            options[MtuOption] = mtu.ToString(CultureInfo.InvariantCulture);
        return options;
    }
}
