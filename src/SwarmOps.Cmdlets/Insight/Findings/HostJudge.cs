using System.Globalization;

namespace SwarmOps.Insight.Findings;

/// <summary>What fills up, runs out or waits on the hosts.</summary>
internal static class HostJudge
{
    /// <summary>Docker stops starting containers, and raft stops writing, when the disk is full: there must be time to react.</summary>
    private const double DiskNotice = 0.90,
        DiskAlarm = 0.97;

    private const double LeastMemory = 0.05;

    /// <summary>An engine renews its certificate when 50 to 80 % of the validity are over (swarmkit, ca/certificates.go, calculateRandomExpiry): with less left, renewal fails.</summary>
    private const double LeastValidity = 0.15;

    /// <summary>The findings about a node's host.</summary>
    /// <param name="node">The node.</param>
    /// <param name="certificate">Begin and end of its certificate.</param>
    /// <param name="now">The present time.</param>
    public static IEnumerable<SwarmFinding> Of(SwarmReportNode node, (DateTime From, DateTime Until)? certificate, DateTime now)
    {
        foreach (var finding in node.Disks.SelectMany(disk => OfDisk(node, disk)))
            yield return finding;
        if (node is { MemoryBytes: { } total and > 0, MemoryAvailableBytes: { } available } && available < total * LeastMemory)
            yield return Of(
                node,
                SwarmFindingSeverity.Warning,
                "MemoryLow",
                $"'{node.Node}' has {Size(available)} of {Size(total)} memory left.",
                "Move services to other nodes or limit their memory (Update-SwarmService -LimitMemory), before the kernel ends processes."
            );
        if (certificate is { } valid && valid.Until - now < (valid.Until - valid.From) * LeastValidity)
            yield return Of(
                node,
                valid.Until < now ? SwarmFindingSeverity.Critical : SwarmFindingSeverity.Warning,
                "CertificateNotRenewed",
                $"The certificate of '{node.Node}' {(valid.Until < now ? "expired" : "expires")} on {valid.Until:yyyy-MM-dd HH:mm} UTC and was not renewed.",
                "The engine renews it while it reaches a manager: check its log (journalctl -u docker on the node), and 2377/tcp with Test-SwarmNode."
            );
        if (node.Availability is SwarmNodeAvailability.Drain or SwarmNodeAvailability.Pause)
            yield return Of(
                node,
                SwarmFindingSeverity.Information,
                "NodeNotActive",
                $"The availability of '{node.Node}' is {node.Availability}: it gets no new tasks.",
                "Make it active again with Set-SwarmNode -Availability Active."
            );
        if (node.RebootRequired is true)
            yield return Of(
                node,
                SwarmFindingSeverity.Information,
                "RebootRequired",
                $"An update on '{node.Node}' waits for a reboot.",
                "Drain it with Set-SwarmNode -Availability Drain, reboot it, and make it active again."
            );
        if (node.SecurityUpdateCount > 0)
            yield return Of(
                node,
                SwarmFindingSeverity.Information,
                "SecurityUpdates",
                $"{node.SecurityUpdateCount} security {(node.SecurityUpdateCount == 1 ? "update waits" : "updates wait")} on '{node.Node}'.",
                "Install them, one node at a time: apt-get upgrade on the node."
            );
    }

    /// <summary>Bytes in words.</summary>
    public static string Size(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB", "PB"];
        var (value, unit) = ((double)bytes, 0);
        while (value >= 1000 && unit < units.Length - 1)
            (value, unit) = (value / 1000, unit + 1);
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {units[unit]}");
    }

    private static IEnumerable<SwarmFinding> OfDisk(SwarmReportNode node, SwarmReportDisk disk)
    {
        const string action =
            "See what takes the space (docker system df on the node); enlarge the disk, or remove unused images (docker image prune).";
        if (disk.Used >= DiskNotice)
            yield return Of(
                node,
                disk.Used >= DiskAlarm ? SwarmFindingSeverity.Critical : SwarmFindingSeverity.Warning,
                "DiskFull",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The disk of {disk.Path} on '{node.Node}' is {disk.Used * 100:0} % full: {Size(disk.AvailableBytes)} are left."
                ),
                action
            ) with
            {
                Distinction = disk.Path,
            };
        if (disk.InodesUsed >= DiskNotice)
            yield return Of(
                node,
                disk.InodesUsed >= DiskAlarm ? SwarmFindingSeverity.Critical : SwarmFindingSeverity.Warning,
                "InodesUsed",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{disk.InodesUsed * 100:0} % of the inodes of the disk of {disk.Path} on '{node.Node}' are used."
                ),
                "Find the directory with the many small files (du --inodes -x on the node), and remove what is not needed."
            ) with
            {
                Distinction = disk.Path,
            };
    }

    private static SwarmFinding Of(SwarmReportNode node, SwarmFindingSeverity severity, string check, string message, string action) =>
        new()
        {
            Severity = severity,
            Area = SwarmFindingArea.Node,
            Subject = node.Node,
            Check = check,
            Message = message,
            RecommendedAction = action,
        };
}
