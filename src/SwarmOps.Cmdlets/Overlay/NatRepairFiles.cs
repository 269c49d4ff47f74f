using System.Globalization;

namespace SwarmOps.Overlay;

/// <summary>
/// The files of the NAT rule (docs/networking.md, moby/moby issue 37115): an nftables table of its own,
/// and a systemd unit that loads it at boot.
/// </summary>
internal static class NatRepairFiles
{
    /// <summary>Family and name of the nftables table, which belongs to SwarmOps.</summary>
    public const string Table = "inet swarmops";

    /// <summary>Path of nft on Debian, Ubuntu and derivatives; systemd needs the absolute path.</summary>
    public const string NftPath = "/usr/sbin/nft";

    /// <summary>The configuration folder of SwarmOps.</summary>
    public const string Folder = "/etc/swarmops";

    /// <summary>The rule, as a script for nft.</summary>
    public const string RulePath = Folder + "/nat-repair.nft";

    /// <summary>The systemd unit that loads it.</summary>
    public const string UnitName = "swarmops-nat-repair.service";

    /// <summary>Path of the unit.</summary>
    public const string UnitPath = "/etc/systemd/system/" + UnitName;

    /// <summary>
    /// The nft script: replaces the table in one transaction, so that it can be loaded repeatedly. Priority raw comes before connection tracking,
    /// which would mark packets with a wrong checksum as invalid, and many firewalls drop those.
    /// </summary>
    /// <param name="dataPathPort">The swarm's data path port.</param>
    public static string Rule(int dataPathPort) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            # Managed by SwarmOps: Docker's encrypted overlay networks across 1:1 NAT.
            # IPsec protects a UDP checksum that was computed over the addresses before translation; the receiver
            # checks it against those after it and drops every packet. For VXLAN packets that came through IPsec,
            # which has proven their integrity already, the checksum is set to 0: "not used".
            # Undo: systemctl disable --now swarmops-nat-repair
            table inet swarmops
            delete table inet swarmops

            table inet swarmops {
                chain prerouting {
                    type filter hook prerouting priority raw; policy accept;
                    meta nfproto ipv4 meta ipsec exists udp dport {{dataPathPort}} counter udp checksum set 0
                }
            }

            """
        );

    /// <summary>The systemd unit. Starting, restarting or reloading nftables.service flushes every table: then this one is loaded again. A load at the same moment as an engine's can fail, so it is retried.</summary>
    public static string Unit() =>
        $"""
            # Managed by SwarmOps.
            [Unit]
            Description=Docker's encrypted overlay networks across NAT (SwarmOps)
            Documentation=man:nft(8)
            After=nftables.service
            PartOf=nftables.service
            ReloadPropagatedFrom=nftables.service
            StartLimitIntervalSec=0

            [Service]
            Type=oneshot
            RemainAfterExit=yes
            ExecStart={NftPath} -f {RulePath}
            ExecReload={NftPath} -f {RulePath}
            ExecStop=-{NftPath} delete table {Table}
            Restart=on-failure
            RestartSec=1

            [Install]
            WantedBy=multi-user.target nftables.service

            """;
}
