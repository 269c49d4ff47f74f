using static SwarmOps.Insight.Metrics.MetricText;

namespace SwarmOps.Insight.Metrics;

/// <summary>The metrics of a report. What could not be read has no sample: it is neither 0 nor the value of the last pass.</summary>
internal static class ReportMetrics
{
    /// <summary>All metrics as text.</summary>
    /// <param name="report">The report.</param>
    /// <param name="labels">Labels of every sample.</param>
    public static string Of(SwarmReport report, IReadOnlyDictionary<string, string> labels)
    {
        var text = new MetricText(labels);
        WritePass(text, report);
        WriteSwarm(text, report.Swarm);
        WriteNodes(text, report);
        WritePaths(text, report.Paths ?? []);
        WriteServices(text, report);
        WriteGalera(text, report.GaleraClusters ?? []);
        WriteFolders(text, report.SharedFolders ?? []);
        WriteZones(text, report.Zones ?? []);
        return text.ToString();
    }

    private static void WritePass(MetricText text, SwarmReport report)
    {
        text.Gauge(
            "swarmops_pass_timestamp_seconds",
            "When the pass over the swarm began, as seconds since 1970.",
            Seconds(report.TakenAt)
        );
        text.Gauge("swarmops_pass_duration_seconds", "How long the pass took.", report.Duration.TotalSeconds);
        text.Gauge(
            "swarmops_swarm_available",
            "Whether the swarm could be asked: 0 without quorum or without a manager that answers.",
            Bit(report.Swarm is not null)
        );
        text.Gauge(
            "swarmops_findings",
            "Number of findings by severity.",
            Enum.GetValues<SwarmFindingSeverity>()
                .Select(severity => new Sample(
                    report.Findings.Count(finding => finding.Severity == severity),
                    ("severity", Lower(severity))
                ))
        );
        text.Gauge(
            "swarmops_finding",
            "A finding; the value is the number of findings of this check about this object.",
            report
                .Findings.GroupBy(finding => (finding.Severity, finding.Area, finding.Subject, finding.Check))
                .Select(group => new Sample(
                    group.Count(),
                    ("severity", Lower(group.Key.Severity)),
                    ("area", Lower(group.Key.Area)),
                    ("subject", group.Key.Subject),
                    ("check", group.Key.Check)
                ))
        );
    }

    private static void WriteSwarm(MetricText text, SwarmSummary? swarm)
    {
        if (swarm is null)
            return;
        text.Gauge("swarmops_swarm_info", "The swarm.", 1, ("id", swarm.Id), ("leader", swarm.Leader));
        text.Gauge("swarmops_swarm_has_leader", "Whether the swarm has a leader.", Bit(swarm.Leader is not null));
        text.Gauge("swarmops_managers", "Number of managers.", swarm.ManagerCount);
        text.Gauge("swarmops_managers_reachable", "Number of managers that the leader reaches.", swarm.ReachableManagerCount);
        text.Gauge("swarmops_managers_quorum", "Number of managers that must be reachable.", swarm.Quorum);
        text.Gauge(
            "swarmops_managers_tolerated_failures",
            "How many of the reachable managers may fail before the quorum is lost.",
            swarm.ToleratedFailures
        );
        text.Gauge(
            "swarmops_root_certificate_expiry_timestamp_seconds",
            "When the root certificate of the swarm expires, as seconds since 1970.",
            swarm.RootCertificateExpiry is { } expiry ? Seconds(expiry) : null
        );
    }

    private static void WriteNodes(MetricText text, SwarmReport report)
    {
        var nodes = report.Nodes;
        text.Gauge(
            "swarmops_node_info",
            "A node.",
            nodes.Select(node => new Sample(
                1,
                ("node", node.Node),
                ("region", node.Region),
                ("role", node.Role is { } role ? Lower(role) : "none"),
                ("engine_version", node.EngineVersion)
            ))
        );
        text.Gauge(
            "swarmops_node_ready",
            "Whether the swarm says that the node is Ready.",
            nodes.Select(node => Of(node, node.State is { } state ? Bit(state == SwarmNodeState.Ready) : null))
        );
        text.Gauge(
            "swarmops_node_active",
            "Whether the scheduler may give the node tasks.",
            nodes.Select(node => Of(node, node.Availability is { } availability ? Bit(availability == SwarmNodeAvailability.Active) : null))
        );
        text.Gauge(
            "swarmops_node_answers",
            "Whether the node could be asked itself.",
            nodes.Select(node => Of(node, Bit(node.Error is null)))
        );
        text.Gauge(
            "swarmops_node_certificate_expiry_timestamp_seconds",
            "When the certificate of the node expires, as seconds since 1970.",
            nodes.Select(node => Of(node, node.CertificateExpiry is { } expiry ? Seconds(expiry) : null))
        );
        text.Gauge(
            "swarmops_node_clock_offset_seconds",
            "Offset of the clock of the node from that of the machine that looked.",
            nodes.Select(node => Of(node, node.ClockOffsetSeconds))
        );
        text.Gauge("swarmops_node_memory_bytes", "Memory of the node.", nodes.Select(node => Of(node, node.MemoryBytes)));
        text.Gauge(
            "swarmops_node_memory_available_bytes",
            "Memory that programs can still get.",
            nodes.Select(node => Of(node, node.MemoryAvailableBytes))
        );
        text.Gauge(
            "swarmops_node_filesystem_bytes",
            "What users can fill of a file system.",
            nodes.SelectMany(node =>
                node.Disks.Select(disk => new Sample(disk.Bytes, ("node", node.Node), ("region", node.Region), ("path", disk.Path)))
            )
        );
        text.Gauge(
            "swarmops_node_filesystem_available_bytes",
            "What users can still write to a file system.",
            nodes.SelectMany(node =>
                node.Disks.Select(disk => new Sample(
                    disk.AvailableBytes,
                    ("node", node.Node),
                    ("region", node.Region),
                    ("path", disk.Path)
                ))
            )
        );
        text.Gauge("swarmops_node_updates", "Number of packages that can be updated.", nodes.Select(node => Of(node, node.UpdateCount)));
        text.Gauge(
            "swarmops_node_security_updates",
            "Number of security updates.",
            nodes.Select(node => Of(node, node.SecurityUpdateCount))
        );
        text.Gauge(
            "swarmops_node_reboot_required",
            "Whether an update waits for a reboot.",
            nodes.Select(node => Of(node, node.RebootRequired is { } reboot ? Bit(reboot) : null))
        );

        static Sample Of(SwarmReportNode node, double? value) => new(value, ("node", node.Node), ("region", node.Region));
    }

    private static void WritePaths(MetricText text, IReadOnlyList<SwarmOverlayPath> paths)
    {
        text.Gauge(
            "swarmops_overlay_path_works",
            "Whether everything arrives on a path of an overlay network.",
            paths.Select(path => Of(path, path.Result == FindingResult.NotTested ? null : Bit(path.Result == FindingResult.Pass)))
        );
        text.Gauge(
            "swarmops_overlay_path_latency_seconds",
            "Shortest round trip on a path.",
            paths.Select(path => Of(path, path.Latency / 1000))
        );
        text.Gauge(
            "swarmops_overlay_path_loss_ratio",
            "Share of echoes that were lost on a path.",
            paths.Select(path => Of(path, path.Loss))
        );

        static Sample Of(SwarmOverlayPath path, double? value) =>
            new(value, ("overlay", path.Overlay), ("from", path.From), ("to", path.To));
    }

    private static void WriteServices(MetricText text, SwarmReport report)
    {
        if (report.Services is not { } services)
            return;
        text.Gauge(
            "swarmops_service_tasks_desired",
            "Number of tasks that should run.",
            services.Select(service => new Sample(service.DesiredCount, ("service", service.Name)))
        );
        text.Gauge(
            "swarmops_service_tasks_running",
            "Number of tasks that run; of a job, that completed.",
            services.Select(service => new Sample(service.RunningCount, ("service", service.Name)))
        );
        text.Gauge(
            "swarmops_service_tasks_failed",
            "Number of tasks that failed in the last 24 hours, of those that the engines still know.",
            report.FailedTasks is { } failed
                ? services.Select(service => new Sample(failed.Count(task => task.Service == service.Name), ("service", service.Name)))
                : []
        );
    }

    private static void WriteGalera(MetricText text, IReadOnlyList<GaleraCluster> clusters)
    {
        text.Gauge(
            "swarmops_galera_status",
            "Status of a Galera cluster: 1 for the present one, 0 for the others.",
            clusters.SelectMany(cluster =>
                Enum.GetValues<GaleraStatus>()
                    .Select(status => new Sample(Bit(cluster.Status == status), ("cluster", cluster.Name), ("status", Lower(status))))
            )
        );
        text.Gauge(
            "swarmops_galera_nodes_expected",
            "Number of nodes that a cluster should have.",
            clusters.Select(cluster => new Sample(cluster.ExpectedSize, ("cluster", cluster.Name)))
        );
        text.Gauge(
            "swarmops_galera_nodes_synced",
            "Number of nodes that are Synced in the Primary Component.",
            clusters.Select(cluster => new Sample(cluster.Size, ("cluster", cluster.Name)))
        );
        var nodes = clusters.SelectMany(cluster => cluster.GaleraNodes.Select(node => (cluster, node))).ToList();
        Node(
            "swarmops_galera_node_synced",
            "Whether a node is Synced; an arbitrator counts while it votes.",
            node => node.State == "Unknown" ? null : Bit(node.State is "Synced" or "Arbitrator")
        );
        Node(
            "swarmops_galera_node_flow_control_paused_ratio",
            "Share of the time in which flow control paused replication, since the server was started.",
            node => node.FlowControlPaused
        );
        Node("swarmops_galera_node_receive_queue_transactions", "Average length of the receive queue.", node => node.ReceiveQueue);
        Node("swarmops_galera_node_send_queue_transactions", "Average length of the send queue.", node => node.SendQueue);
        Node("swarmops_galera_node_replication_latency_seconds", "Average replication latency.", node => node.ReplicationLatency);
        Node("swarmops_galera_node_data_bytes", "Size of the data directory.", node => node.DataKilobytes * 1024);

        void Node(string name, string help, Func<GaleraNode, double?> value) =>
            text.Gauge(
                name,
                help,
                nodes.Select(entry => new Sample(
                    value(entry.node),
                    ("cluster", entry.cluster.Name),
                    ("node", entry.node.Node),
                    ("service", entry.node.Service)
                ))
            );
    }

    private static void WriteFolders(MetricText text, IReadOnlyList<SwarmSharedFolder> folders)
    {
        var copies = folders.SelectMany(folder => folder.Copies).ToList();
        Copy(
            "swarmops_shared_folder_in_sync",
            "Whether a copy of a shared folder has all that it knows of and is connected with the others.",
            copy => copy.State == SwarmSharedFolderState.Unknown ? null : Bit(copy.State == SwarmSharedFolderState.InSync)
        );
        Copy("swarmops_shared_folder_behind_bytes", "What a copy has not received yet.", copy => copy.BytesBehind);
        Copy("swarmops_shared_folder_complete_ratio", "Share of all known bytes that a copy has.", copy => copy.Completion / 100);
        text.Gauge(
            "swarmops_shared_folder_conflicts",
            "Number of conflict files.",
            folders.Select(folder => new Sample(folder.Conflicts.Count, ("folder", folder.Name)))
        );

        void Copy(string name, string help, Func<SwarmSharedFolderCopy, double?> value) =>
            text.Gauge(name, help, copies.Select(copy => new Sample(value(copy), ("folder", copy.Folder), ("node", copy.Node))));
    }

    private static void WriteZones(MetricText text, IReadOnlyList<SwarmGeoDns> zones)
    {
        text.Gauge(
            "swarmops_geodns_server_answers",
            "Whether a name server answers.",
            zones.SelectMany(zone =>
                zone.Servers.Select(server => new Sample(
                    Bit(server.Serial is not null),
                    ("zone", zone.Zone),
                    ("server", server.Name),
                    ("node", server.Node)
                ))
            )
        );
        text.Gauge(
            "swarmops_geodns_server_current",
            "Whether a name server has the current serial.",
            zones.SelectMany(zone =>
                zone.Servers.Select(server => new Sample(
                    server.Serial is { } serial ? Bit(serial == zone.Serial) : null,
                    ("zone", zone.Zone),
                    ("server", server.Name),
                    ("node", server.Node)
                ))
            )
        );
        text.Gauge(
            "swarmops_geodns_edge_healthy",
            "Whether a node of the edge service is healthy for every name server that sees it.",
            zones.SelectMany(zone =>
                zone.Regions.SelectMany(region =>
                    region.EdgeNodes.Select(node => new Sample(
                        node.HealthyFrom.Count + node.UnhealthyFrom.Count == 0 ? null : Bit(node.UnhealthyFrom.Count == 0),
                        ("zone", zone.Zone),
                        ("region", region.Name),
                        ("node", node.Node)
                    ))
                )
            )
        );
    }

    private static double Bit(bool value) => value ? 1 : 0;

    private static double Seconds(DateTime time) =>
        Math.Round((DateTime.SpecifyKind(time, DateTimeKind.Utc) - DateTime.UnixEpoch).TotalSeconds, 3);

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
