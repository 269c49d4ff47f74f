using System.Globalization;
using Docker.DotNet.Models;

namespace SwarmOps.Overlay;

/// <summary>An overlay network as a manager describes it.</summary>
/// <param name="Response">The engine's description.</param>
internal sealed record OverlayNetwork(NetworkResponse Response)
{
    /// <summary>Scope of the networks that the swarm holds (Engine API).</summary>
    public const string SwarmScope = "swarm";

    /// <summary>The driver option in which the swarm stores the VXLAN ids; it exists once the network is allocated (moby, libnetwork/drivers/overlay).</summary>
    private const string VxlanIdsOption = "com.docker.network.driver.overlay.vxlanid_list";

    /// <summary>The engine's id.</summary>
    public string Id => Response.ID;

    /// <summary>Name of the network.</summary>
    public string Name => Response.Name;

    /// <summary>Whether it is the swarm's ingress network.</summary>
    public bool IsIngress => Response.Ingress;

    /// <summary>Whether the data path is encrypted.</summary>
    public bool Encrypted => Options.ContainsKey(OverlayPlan.EncryptedOption);

    /// <summary>The MTU in bytes of the path that it was created for; null means the engine's default.</summary>
    public int? Mtu =>
        Options.TryGetValue(OverlayPlan.MtuOption, out var text)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var mtu)
            ? mtu
            : null;

    /// <summary>VXLAN network ids; empty until the swarm has allocated the network.</summary>
    public IReadOnlyList<int> VxlanIds =>
        Options.TryGetValue(VxlanIdsOption, out var list)
            ?
            [
                .. list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Select(id => int.Parse(id, CultureInfo.InvariantCulture)),
            ]
            : [];

    /// <summary>Whether the swarm has allocated its subnets and VXLAN ids.</summary>
    public bool IsAllocated => Subnets.Count > 0 && VxlanIds.Count >= Subnets.Count;

    /// <summary>Its subnets in CIDR form.</summary>
    public IReadOnlyList<string> Subnets => [.. Pools.Select(pool => pool.Subnet)];

    /// <summary>Its gateways.</summary>
    public IReadOnlyList<string> Gateways => [.. Pools.Select(pool => pool.Gateway ?? "").Where(gateway => gateway.Length > 0)];

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels =>
        new SortedDictionary<string, string>(Response.Labels ?? new Dictionary<string, string>(), StringComparer.Ordinal);

    private IDictionary<string, string> Options => Response.Options ?? new Dictionary<string, string>();

    private IEnumerable<IPAMConfig> Pools => (Response.IPAM?.Config ?? []).Where(pool => !string.IsNullOrEmpty(pool.Subnet));

    /// <summary>Whether a network is an overlay network of the swarm.</summary>
    public static bool IsOverlay(NetworkResponse network) => network.Driver == OverlayPlan.Driver && network.Scope == SwarmScope;

    /// <summary>Converts it to the public type.</summary>
    public SwarmOverlay Describe(string swarmId, IReadOnlyList<NatRepairState> natRepair, IReadOnlyList<SwarmNode> nodes) =>
        new()
        {
            Name = Name,
            Id = Id,
            SwarmId = swarmId,
            Encrypted = Encrypted,
            Attachable = Response.Attachable,
            Subnets = Subnets,
            Mtu = Mtu,
            VxlanIds = VxlanIds,
            Labels = Labels,
            NatRepairs = natRepair,
            Nodes = nodes,
        };
}
