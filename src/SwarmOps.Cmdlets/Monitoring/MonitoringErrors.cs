using System.Globalization;

namespace SwarmOps.Monitoring;

/// <summary>The errors of monitoring, each with its id and the next step (docs/errors/monitoring.md).</summary>
internal static class MonitoringErrors
{
    public static SwarmOpsException MonitoringNameInvalid(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' is not a valid name for monitoring. It becomes part of the names of services.",
            "Specify at most 16 lower-case letters, digits and hyphens, beginning with a letter: -Name monitoring.",
            name
        );

    public static SwarmOpsException MonitoringOverlaySecond(string first, string second) =>
        new(
            ErrorKind.InvalidArgument,
            $"The pipeline has two overlay networks, '{first}' and '{second}'; monitoring uses one. Nothing was changed.",
            "Pass one overlay network, such as Get-SwarmOverlay -Name internal.",
            second
        );

    public static SwarmOpsException MonitoringOverlayNotFound(string overlay, string swarmId) =>
        new(
            ErrorKind.NotFound,
            $"The swarm {swarmId} has no overlay network '{overlay}'. Nothing was changed.",
            $"List the overlay networks with Get-SwarmOverlay, or create this one: New-EncryptedOverlay -Name {overlay}.",
            overlay
        );

    public static SwarmOpsException MonitoringOverlayInternal(string overlay) =>
        new(
            ErrorKind.InvalidState,
            $"The overlay network '{overlay}' is internal: from there, probes and webhooks reach nothing outside. Nothing was changed.",
            "Specify another overlay network; New-EncryptedOverlay creates one that is not internal.",
            overlay
        );

    public static SwarmOpsException MonitoringOverlayDiffers(string name, string present, string wanted) =>
        new(
            ErrorKind.InvalidState,
            $"The monitoring '{name}' exists on the overlay network '{present}', not on '{wanted}'. Nothing was changed.",
            $"Specify -Overlay {present}, another -Name, or remove it first with Remove-SwarmMonitoring; its data stays.",
            name
        );

    public static SwarmOpsException MonitoringServiceTaken(string service) =>
        new(
            ErrorKind.AlreadyExists,
            $"The swarm has a service '{service}' that does not belong to this monitoring. Nothing was changed.",
            "Specify another -Name, or remove that service with Remove-SwarmService.",
            service
        );

    public static SwarmOpsException MonitoringTooFewNodes(IReadOnlyCollection<string> nodes) =>
        new(
            ErrorKind.InvalidState,
            $"Monitoring needs two nodes that are Ready and Active, so that it survives the loss of one; the swarm has {Listed(nodes)}. Nothing was changed.",
            "Add a node with Join-SwarmAsWorker, or make one active with Set-SwarmNode -Availability Active.",
            nodes
        );

    public static SwarmOpsException MonitoringNodeCount(int count) =>
        new(
            ErrorKind.InvalidArgument,
            string.Create(
                CultureInfo.InvariantCulture,
                $"-PrometheusNode names {count} different nodes; Prometheus and Alertmanager run on two."
            ),
            "Specify two nodes of different regions, or omit -PrometheusNode.",
            count
        );

    public static SwarmOpsException MonitoringNodeUnknown(string node, IReadOnlyCollection<string> known) =>
        new(
            ErrorKind.NotFound,
            $"'{node}' is not a node of the swarm. Nodes: {Listed(known)}.",
            "Specify names as Get-SwarmNode shows them.",
            node
        );

    public static SwarmOpsException MonitoringNodeNotUsable(string node) =>
        new(
            ErrorKind.InvalidState,
            $"'{node}' cannot run Prometheus: it is not Ready with the availability Active. Nothing was changed.",
            "Bring the node back, or specify another one with -PrometheusNode.",
            node
        );

    public static SwarmOpsException MonitoringRegionMissing() =>
        new(
            ErrorKind.InvalidState,
            "No node of the swarm has a region, so there is no place to ask from. Nothing was changed.",
            "Give the nodes their regions with Set-SwarmNode -Region.",
            "region"
        );

    public static SwarmOpsException MonitoringEdgeNotFound(string service, IReadOnlyCollection<string> known) =>
        new(
            ErrorKind.NotFound,
            $"The swarm has no edge service '{service}' that publishes a TCP port. Edge services of this swarm: {Listed(known)}.",
            "Create it with New-SwarmEdgeService, or specify one of those with -EdgeService.",
            service
        );

    public static SwarmOpsException MonitoringAddressUnknown(string node) =>
        new(
            ErrorKind.InvalidState,
            $"The address of '{node}' at which its edge service is to be asked is unknown. Nothing was changed.",
            "Specify it (New-SwarmNode -PublicAddress), and pass that node too.",
            node
        );

    public static SwarmOpsException MonitoringGaleraNotFound(string cluster, IReadOnlyCollection<string> known) =>
        new(
            ErrorKind.NotFound,
            $"The swarm has no Galera cluster '{cluster}'. Clusters of this swarm: {Listed(known)}.",
            "Specify one of those with -Galera.",
            cluster
        );

    public static SwarmOpsException MonitoringGaleraGlobal(string cluster) =>
        new(
            ErrorKind.InvalidState,
            $"The Galera cluster '{cluster}' has the layout Global: its nodes have no names of their own in the overlay network, so they cannot be scraped one by one. Nothing was changed.",
            "Omit it from -Galera: Export-SwarmMetric has its state. A cluster with the layout PerRegion can be monitored.",
            cluster
        );

    public static SwarmOpsException MonitoringSettingInvalid(string parameter, string value, string why) =>
        new(ErrorKind.InvalidArgument, $"{parameter} '{value}' cannot be used: {why}.", $"Correct {parameter}.", value);

    /// <summary>The same for a value that may contain a secret.</summary>
    public static SwarmOpsException MonitoringSettingInvalid(string parameter, int number, string why) =>
        new(
            ErrorKind.InvalidArgument,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Value {number} of {parameter} cannot be used: {why}. It is not shown here, because it may contain a password."
            ),
            $"Correct {parameter}.",
            parameter
        );

    public static SwarmOpsException MonitoringReceiverTwice() =>
        new(
            ErrorKind.InvalidArgument,
            "-WebhookUrl and -AlertmanagerConfigPath were both specified; each determines where alerts are sent.",
            "Specify one of them. A configuration of your own can have webhooks, too.",
            "receiver"
        );

    public static SwarmOpsException MonitoringReceiverUnreadable(string path, string why, Exception? error) =>
        new(
            ErrorKind.InvalidArgument,
            $"The configuration of Alertmanager '{path}' could not be read: {why}.",
            "Correct -AlertmanagerConfigPath; amtool check-config checks such a file.",
            path,
            error
        );

    public static SwarmOpsException MonitoringNotFound(string name, string swarmId) =>
        new(
            ErrorKind.NotFound,
            $"The swarm {swarmId} has no monitoring '{name}'.",
            $"List it with Get-SwarmMonitoring, or create it: New-SwarmMonitoring -Name {name}.",
            name
        );

    public static SwarmOpsException MonitoringDefinitionInvalid(string name, string config, Exception error) =>
        new(
            ErrorKind.InvalidData,
            $"The definition of the monitoring '{name}' in the config '{config}' could not be read: {error.Message}",
            "Another version of SwarmOps, or another program, wrote it. Use the newest version; or remove it with Remove-SwarmMonitoring, which keeps its data, and create it again.",
            name,
            error
        );

    public static SwarmOpsException MonitoringNotVerified(string name, TimeSpan limit, IReadOnlyList<string> problems) =>
        new(
            ErrorKind.Timeout,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The monitoring '{name}' runs, but within {limit.TotalSeconds:0} s not every Prometheus could scrape everything: {string.Join("; ", problems)}."
            ),
            $"Check the overlay network with Test-SwarmOverlay and the services with Get-SwarmTask. Get-SwarmMonitoring -Name {name} shows what is missing; then run the same command again.",
            name
        );

    private static string Listed(IReadOnlyCollection<string> names) =>
        names.Count == 0 ? "none" : string.Join(", ", names.Select(name => $"'{name}'"));
}
