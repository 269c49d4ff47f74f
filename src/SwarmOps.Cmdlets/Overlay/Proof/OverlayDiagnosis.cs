using System.Globalization;

namespace SwarmOps.Overlay.Proof;

/// <summary>
/// Names the likely cause of what the probes saw. The table of causes was measured with one node cut off from the others by one fault each
/// (docs/networking.md): control plane, names, plain and encrypted packets, and large ones tell them apart.
/// </summary>
/// <param name="name">Name of the network.</param>
/// <param name="encrypted">Whether its data path is encrypted.</param>
/// <param name="dataPathPort">The swarm's VXLAN port.</param>
internal sealed class OverlayDiagnosis(string name, bool encrypted, int dataPathPort)
{
    /// <summary>What the engine takes off the path's MTU: VXLAN's headers, and those of ESP (measured, docs/networking.md).</summary>
    private const int PlainOverhead = 50, EncryptedOverhead = 76;

    /// <summary>Judges one way.</summary>
    /// <param name="from">The host that sent.</param>
    /// <param name="to">The host that was to answer.</param>
    /// <param name="there">What was seen; null when it was not tested.</param>
    /// <param name="back">What the other saw of this one; null when it was not tested.</param>
    public (SwarmOverlayCause Cause, string Detail, string? Action) Judge(ProbeHost from, ProbeHost to, ProbeSighting? there, ProbeSighting? back)
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
            return (SwarmOverlayCause.StaleName, $"packets arrive, but '{from.Name}' does not get the address of the probe on '{to.Name}' for its name",
                "Stale discovery: start what it concerns anew (Update-SwarmService -Force); if it stays, restart the engine of the node that does not resolve.");
        return Lossy(there);
    }

    private static (SwarmOverlayCause Cause, string Detail, string? Action) Untested(ProbeHost from, ProbeHost to) =>
        new[] { from, to }.FirstOrDefault(host => !host.IsAttached) switch
        {
            null => (SwarmOverlayCause.NotTested, "there is no probe at one end", $"See the error of '{from.Name}' or '{to.Name}'."),
            { Gossip: { Count: > 0 } gossip } cut when !gossip.Values.Any(answers => answers) => (SwarmOverlayCause.HostCutOff, $"no manager answers the engine of '{cut.Name}', so it cannot put a container on the network, and 7946/tcp of no other node answers it either",
                "Nothing passes between the hosts: look at their network (Test-SwarmNode shows which ports)."),
            var lost => (SwarmOverlayCause.ControlPortBlocked, $"no manager answers the engine of '{lost.Name}', so it cannot put a container on the network; whether packets arrive could not be tested",
                $"Open 2377/tcp between '{lost.Name}' and the managers (Get-Swarm shows how the swarm has it), then test again."),
        };

    private static (SwarmOverlayCause Cause, string Detail, string? Action) Sound(ProbeHost from, ProbeHost to) =>
        new[] { from, to }.FirstOrDefault(host => !host.ControlIsSound) is { } lost
            ? (SwarmOverlayCause.ControlPortBlocked, $"all packets arrive, but the swarm does not have '{lost.Name}' Ready, and as a manager Reachable",
                $"The network is sound. Open 2377/tcp between '{lost.Name}' and the managers; Get-Swarm shows how the swarm has it.")
            : (SwarmOverlayCause.None, "all packets arrive", null);

    private (SwarmOverlayCause Cause, string Detail, string? Action) Silent(ProbeHost from, ProbeHost to, ProbeSighting there, ProbeSighting? back)
    {
        if (!there.Name && back is { Name: false })
        {
            if (!from.ControlIsSound || !to.ControlIsSound)
            {
                return (SwarmOverlayCause.HostCutOff, "no packet arrives, names are missing, and the swarm has lost one of the two",
                    "Nothing passes between the hosts: look at their network (Test-SwarmNode shows which ports).");
            }

            return from.Gossip.TryGetValue(to.Name, out var answers) && answers
                ? (SwarmOverlayCause.GossipUdpBlocked, "no packet arrives and neither knows the other's name, while the control plane is well and 7946/tcp answers",
                    "Open port 7946 for UDP too, between the nodes, in both directions.")
                : (SwarmOverlayCause.GossipBlocked, "no packet arrives and neither knows the other's name, while the control plane is well",
                    "Open port 7946 for TCP and UDP between the nodes, in both directions (Test-SwarmNode shows where). Where it is open, restart the engine that no other hears (systemctl restart docker): one before 28.3 that left a swarm and could not tell it in time is deaf.");
        }

        if (back is null && !there.Name)
            return (SwarmOverlayCause.Unknown, $"no packet arrives, '{from.Name}' does not know '{to.Name}' by name, and the other direction was not tested", $"See the error of '{to.Name}', then run again.");
        if (!there.Name || back is { Name: false })
        {
            return (SwarmOverlayCause.GossipUdpBlocked, $"no packet arrives, and only {(there.Name ? $"'{from.Name}' knows '{to.Name}'" : $"'{to.Name}' knows '{from.Name}'")} by name",
                "Open port 7946 for UDP too, between the nodes, in both directions.");
        }

        return encrypted ? SilentEncrypted(from, to) : (SwarmOverlayCause.DataPathPortBlocked,
            "control plane and names are well, and no packet arrives",
            string.Create(CultureInfo.InvariantCulture, $"Open {dataPathPort}/udp (VXLAN) between the nodes, in both directions."));
    }

    private static (SwarmOverlayCause Cause, string Detail, string? Action) SilentEncrypted(ProbeHost from, ProbeHost to)
    {
        if (new[] { from, to }.FirstOrDefault(host => host.HasIpsec is false) is { } without)
        {
            return (SwarmOverlayCause.KernelWithoutIpsec, $"the kernel of '{without.Name}' has no IPsec: the network is made and looks well, and every packet is lost",
                "Use a kernel with ESP (any distribution's own has it), or encrypt below the overlay: New-EncryptedOverlay -Unencrypted on a VPN.");
        }

        var wrong = new[] { from, to }.Where(host => host.ChecksumErrors > 0 || host.LacksNatRule is true).ToList();
        if (wrong.Count > 0)
        {
            var seen = string.Join(", ", wrong.Select(host => $"'{host.Name}'{(host.ChecksumErrors > 0 ? string.Create(CultureInfo.InvariantCulture, $" dropped {host.ChecksumErrors} for their checksum") : " lacks the rule")}"));
            return (SwarmOverlayCause.NatChecksum, $"control plane and names are well, and no packet arrives: {seen}; the hosts are behind NAT",
                "Put the nftables rule on every node: run New-EncryptedOverlay again for this network (docs/networking.md).");
        }

        return (SwarmOverlayCause.Protocol50Blocked, "control plane and names are well, and no encrypted packet arrives",
            "Allow IP protocol 50 (ESP) between the nodes, in both directions; on EC2: Sync-SwarmFirewall.");
    }

    private (SwarmOverlayCause Cause, string Detail, string? Action) TooLarge(ProbeSighting there)
    {
        var overhead = encrypted ? EncryptedOverhead : PlainOverhead;
        var largest = there.LargestPacket == 0 ? "no unfragmented packet" : string.Create(CultureInfo.InvariantCulture, $"nothing above {there.LargestPacket} bytes");
        return (SwarmOverlayCause.MtuTooLarge,
            string.Create(CultureInfo.InvariantCulture, $"small packets arrive, and {largest} does although the interface's MTU is {there.Mtu}"),
            there.LargestPacket == 0
                ? $"Make the network anew with the path's MTU: New-EncryptedOverlay -Name {name} -Mtu <path's MTU>."
                : string.Create(CultureInfo.InvariantCulture, $"The path carries at least {there.LargestPacket + overhead} bytes: make the network anew with -Mtu {there.LargestPacket + overhead} (New-EncryptedOverlay -Name {name})."));
    }

    private static (SwarmOverlayCause Cause, string Detail, string? Action) Lossy(ProbeSighting there)
    {
        List<string> wrong = [];
        if (there.Received < there.Sent)
            wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{there.Sent - there.Received} of {there.Sent} echoes were lost"));
        if (!there.Udp)
            wrong.Add("UDP is not answered");
        if (!there.Tcp)
            wrong.Add("no TCP connection comes about");
        var isLoss = there.Received > 0 && there.Received < there.Sent;
        return (isLoss ? SwarmOverlayCause.PacketLoss : SwarmOverlayCause.Unknown, string.Join("; ", wrong), "Run again; if it stays, look at the path between the hosts (loss on the WAN, a firewall inside the hosts).");
    }
}
