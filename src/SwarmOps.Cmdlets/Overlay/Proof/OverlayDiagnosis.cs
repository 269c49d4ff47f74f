using System.Globalization;

namespace SwarmOps.Overlay.Proof;

/// <summary>
/// Determines the likely cause from the probes' results. The table of causes was measured with one node cut off from the others by one fault each
/// (docs/networking.md): control plane, names, plain and encrypted packets, and large ones tell them apart.
/// </summary>
/// <param name="name">Name of the network.</param>
/// <param name="encrypted">Whether its data path is encrypted.</param>
/// <param name="dataPathPort">The swarm's data path port.</param>
internal sealed class OverlayDiagnosis(string name, bool encrypted, int dataPathPort)
{
    /// <summary>Engines that missed what another said exchange all they know every 30 s with one random node (moby pull request 53437).</summary>
    private const string OpenGossipUdp =
        "Open 7946/udp too between the nodes, in both directions (Test-SwarmNode shows where it is closed). If it is open, test again in two minutes: engines that missed what another one announced learn it later.";

    /// <summary>What the engine subtracts from the path's MTU: the headers of VXLAN, and of ESP (measured, docs/networking.md).</summary>
    private const int PlainOverhead = 50,
        EncryptedOverhead = 76;

    /// <summary>Diagnoses one path.</summary>
    /// <param name="from">The host that sent.</param>
    /// <param name="to">The host that should answer.</param>
    /// <param name="there">The result; null when not tested.</param>
    /// <param name="back">The result of the opposite direction; null when not tested.</param>
    public (SwarmOverlayCause Cause, string Detail, string? Action) Judge(
        ProbeHost from,
        ProbeHost to,
        ProbeSighting? there,
        ProbeSighting? back
    )
    {
        if (there is null)
            return Untested(from, to);
        if (there.IsSound)
            return Sound(from, to);
        if (!there.HasData && back is not { HasData: true })
            return Silent(from, to, there, back);
        if (there.LargestPacket < there.Mtu)
            return TooLarge(there);
        if (!there.Name)
            return (
                SwarmOverlayCause.StaleName,
                $"packets arrive, but on '{from.Name}' the name of the probe on '{to.Name}' does not resolve to its address",
                $"Service discovery is stale: replace the tasks of the services whose names are gone: $nodes | Repair-Swarm -NameOn {name}. If that does not help, restart the engine of '{to.Name}'."
            );
        return Lossy(there);
    }

    /// <summary>Describes a path of which one node took no part in the test.</summary>
    /// <param name="why">Why it did not.</param>
    public static (SwarmOverlayCause Cause, string Detail, string? Action) Absent(SwarmOpsException why) =>
        (SwarmOverlayCause.NotTested, why.Message.TrimEnd('.'), why.RecommendedAction);

    private static (SwarmOverlayCause Cause, string Detail, string? Action) Untested(ProbeHost from, ProbeHost to) =>
        new[] { from, to }.FirstOrDefault(host => !host.IsAttached) switch
        {
            null => (SwarmOverlayCause.NotTested, "one end has no probe", $"See the error of '{from.Name}' or '{to.Name}'."),
            { Gossip: { Count: > 0 } gossip } cut when !gossip.Values.Any(answers => answers) => (
                SwarmOverlayCause.HostCutOff,
                $"the engine of '{cut.Name}' gets no answer from any manager, so it cannot attach a container to the network, nor from 7946/tcp of any other node",
                "No packets pass between the hosts: check their network (Test-SwarmNode shows which ports are blocked)."
            ),
            var lost => (
                SwarmOverlayCause.ControlPortBlocked,
                $"the engine of '{lost.Name}' gets no answer from any manager, so it cannot attach a container to the network; whether packets arrive could not be tested",
                $"Open 2377/tcp between '{lost.Name}' and the managers (Get-Swarm shows its state), then test again."
            ),
        };

    private static (SwarmOverlayCause Cause, string Detail, string? Action) Sound(ProbeHost from, ProbeHost to) =>
        new[] { from, to }.FirstOrDefault(host => !host.ControlIsSound) is { } lost
            ? (
                SwarmOverlayCause.ControlPortBlocked,
                $"all packets arrive, but '{lost.Name}' is not Ready, or is a manager that is not Reachable",
                $"The network works. Open 2377/tcp between '{lost.Name}' and the managers; Get-Swarm shows its state."
            )
            : (SwarmOverlayCause.None, "all packets arrive", null);

    private (SwarmOverlayCause Cause, string Detail, string? Action) Silent(
        ProbeHost from,
        ProbeHost to,
        ProbeSighting there,
        ProbeSighting? back
    )
    {
        if (!there.Name && back is { Name: false })
        {
            if (!from.ControlIsSound || !to.ControlIsSound)
            {
                return (
                    SwarmOverlayCause.HostCutOff,
                    "no packet arrives, names do not resolve, and one of the two nodes has lost its connection to the managers",
                    "No packets pass between the hosts: check their network (Test-SwarmNode shows which ports are blocked)."
                );
            }

            return from.Gossip.TryGetValue(to.Name, out var answers) && answers
                ? (
                    SwarmOverlayCause.GossipUdpBlocked,
                    "no packet arrives and neither node resolves the other's name, while the control plane works and 7946/tcp answers",
                    OpenGossipUdp
                )
                : (
                    SwarmOverlayCause.GossipBlocked,
                    "no packet arrives and neither node resolves the other's name, while the control plane works",
                    "Open 7946/tcp and 7946/udp between the nodes, in both directions (Test-SwarmNode shows where). If the port is open, restart the engine that receives no gossip (systemctl restart docker): engines before 28.3 can keep the port of a swarm that they have left."
                );
        }

        if (back is null && !there.Name)
            return (
                SwarmOverlayCause.Unknown,
                $"no packet arrives, '{from.Name}' does not resolve the name of '{to.Name}', and the other direction was not tested",
                $"See the error of '{to.Name}', then test again."
            );
        if (!there.Name || back is { Name: false })
        {
            return (
                SwarmOverlayCause.GossipUdpBlocked,
                $"no packet arrives, and only {(there.Name ? $"'{from.Name}' resolves the name of '{to.Name}'" : $"'{to.Name}' resolves the name of '{from.Name}'")}",
                OpenGossipUdp
            );
        }

        return encrypted
            ? SilentEncrypted(from, to)
            : (
                SwarmOverlayCause.DataPathPortBlocked,
                "the control plane and name resolution work, but no packet arrives",
                string.Create(CultureInfo.InvariantCulture, $"Open {dataPathPort}/udp (VXLAN) between the nodes, in both directions.")
            );
    }

    private static (SwarmOverlayCause Cause, string Detail, string? Action) SilentEncrypted(ProbeHost from, ProbeHost to)
    {
        if (new[] { from, to }.FirstOrDefault(host => host.HasIpsec is false) is { } without)
        {
            return (
                SwarmOverlayCause.KernelWithoutIpsec,
                $"the kernel of '{without.Name}' has no IPsec: the network is created without an error, but every packet is lost",
                "Use a kernel with ESP (distribution kernels have it), or encrypt below the overlay network: New-EncryptedOverlay -Unencrypted on a VPN."
            );
        }

        var wrong = new[] { from, to }.Where(host => host.ChecksumErrors > 0 || host.LacksNatRule is true).ToList();
        if (wrong.Count > 0)
        {
            var seen = string.Join(
                ", ",
                wrong.Select(host =>
                    $"'{host.Name}'{(host.ChecksumErrors > 0 ? string.Create(CultureInfo.InvariantCulture, $" dropped {host.ChecksumErrors} packets with a wrong checksum") : " has no NAT rule")}"
                )
            );
            return (
                SwarmOverlayCause.NatChecksum,
                $"the control plane and name resolution work, but no packet arrives: {seen}; the hosts are behind NAT",
                "Install the NAT rule on every node: run New-EncryptedOverlay again for this network (docs/networking.md)."
            );
        }

        return (
            SwarmOverlayCause.Protocol50Blocked,
            "the control plane and name resolution work, but no encrypted packet arrives",
            "Allow IP protocol 50 (ESP) between the nodes, in both directions; on EC2: Sync-SwarmFirewall."
        );
    }

    private (SwarmOverlayCause Cause, string Detail, string? Action) TooLarge(ProbeSighting there)
    {
        var overhead = encrypted ? EncryptedOverhead : PlainOverhead;
        var largest =
            there.LargestPacket == 0
                ? "no unfragmented packet"
                : string.Create(CultureInfo.InvariantCulture, $"none above {there.LargestPacket} bytes");
        return (
            SwarmOverlayCause.MtuTooLarge,
            string.Create(
                CultureInfo.InvariantCulture,
                $"small packets arrive, but {largest} although the MTU of the interface is {there.Mtu}"
            ),
            there.LargestPacket == 0
                ? $"Create the network again with the MTU of the path: New-EncryptedOverlay -Name {name} -Mtu <path's MTU>."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"The path carries at least {there.LargestPacket + overhead} bytes: create the network again with -Mtu {there.LargestPacket + overhead} (New-EncryptedOverlay -Name {name})."
                )
        );
    }

    private static (SwarmOverlayCause Cause, string Detail, string? Action) Lossy(ProbeSighting there)
    {
        List<string> wrong = [];
        if (there.Received < there.Sent)
            wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{there.Sent - there.Received} of {there.Sent} echoes were lost"));
        if (!there.Udp)
            wrong.Add("UDP packets are not answered");
        if (!there.Tcp)
            wrong.Add("no TCP connection could be established");
        var isLoss = there.Received > 0 && there.Received < there.Sent;
        return (
            isLoss ? SwarmOverlayCause.PacketLoss : SwarmOverlayCause.Unknown,
            string.Join("; ", wrong),
            "Test again. If the problem persists, check the path between the hosts (packet loss on the WAN, a firewall on the hosts)."
        );
    }
}
