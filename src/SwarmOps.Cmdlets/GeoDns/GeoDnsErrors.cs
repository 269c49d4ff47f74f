using System.Globalization;

namespace SwarmOps.GeoDns;

/// <summary>The errors of GeoDNS, each with its id and the next step (docs/errors/geodns.md).</summary>
internal static class GeoDnsErrors
{
    public static SwarmOpsException GeoDnsZoneInvalid(string zone) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{zone}' is not a valid name of a zone.",
            "Specify a name of at least two labels of letters, digits and '-', such as -Zone edge.example.org. The parent zone delegates it to the name servers on the swarm.",
            zone
        );

    public static SwarmOpsException GeoDnsRecordInvalid(string record) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{record}' cannot be answered by region: it is not a host name in the zone, or it is the name of a name server.",
            "Specify names relative to the zone, such as -RecordName '@', www; '@' is the zone itself. Names of the form ns1 belong to the name servers.",
            record
        );

    public static SwarmOpsException GeoDnsNotFound(string zone, string swarmId) =>
        new(
            ErrorKind.NotFound,
            $"The swarm {swarmId} has no name servers for the zone '{zone}'.",
            $"List the zones with Get-SwarmGeoDns, or create this one: New-SwarmGeoDns -Zone {zone} -Service <edge service> -Image <image>.",
            zone
        );

    public static SwarmOpsException GeoDnsEdgeNotFound(string service, IReadOnlyCollection<string> known) =>
        new(
            ErrorKind.NotFound,
            $"The swarm has no edge service '{service}'. Edge services of this swarm: {Listed(known)}.",
            "Create it with New-SwarmEdgeService, or specify one of those with -Service.",
            service
        );

    public static SwarmOpsException GeoDnsServiceMissing(string zone) =>
        new(
            ErrorKind.InvalidArgument,
            $"The zone '{zone}' does not exist yet, and -Service does not name the edge service that it points to.",
            "Specify -Service with the name that was passed to New-SwarmEdgeService.",
            zone
        );

    public static SwarmOpsException GeoDnsImageMissing(string zone) =>
        new(
            ErrorKind.InvalidArgument,
            $"The zone '{zone}' does not exist yet, and -Image does not name an image with gdnsd. gdnsd has no official image.",
            "Build one from Debian's package (docs/geodns.md, \"The image\"), push it to your registry, and specify it with -Image.",
            zone
        );

    public static SwarmOpsException GeoDnsTooFewRegions(string zone, IReadOnlyCollection<string> regions) =>
        new(
            ErrorKind.InvalidArgument,
            $"All name servers of '{zone}' would be in {(regions.Count == 0 ? "no region" : $"the region {Listed(regions)}")}; without that region nobody could resolve the zone.",
            "Specify nodes of at least two regions with -NameServer. A node needs a region (Set-SwarmNode -Region) and must be Ready and Active.",
            zone
        );

    public static SwarmOpsException GeoDnsTooManyServers(int count, int most) =>
        new(
            ErrorKind.InvalidArgument,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{count} name servers were specified; with more than {most}, their names and addresses do not fit into one DNS answer of 512 bytes."
            ),
            string.Create(CultureInfo.InvariantCulture, $"Specify at most {most} nodes with -NameServer."),
            count
        );

    public static SwarmOpsException GeoDnsNodeUnknown(string node, IReadOnlyCollection<string> known) =>
        new(
            ErrorKind.NotFound,
            $"'{node}' is not a node of the swarm that can be used here. Nodes: {Listed(known)}.",
            "Specify names as Get-SwarmNode shows them.",
            node
        );

    public static SwarmOpsException GeoDnsNodeNotUsable(string node, string why) =>
        new(
            ErrorKind.InvalidState,
            $"'{node}' cannot become a name server: {why}. Nothing was changed.",
            "Bring the node back, or specify other nodes with -NameServer.",
            node
        );

    public static SwarmOpsException GeoDnsNodeTaken(string node, string zone) =>
        new(
            ErrorKind.InvalidState,
            $"'{node}' already runs a name server for the zone '{zone}', and a node runs one name server. Nothing was changed.",
            "Specify other nodes with -NameServer, or answer further names in the existing zone with -RecordName.",
            node
        );

    public static SwarmOpsException GeoDnsPortTaken(string node, string address, string holder) =>
        new(
            ErrorKind.InvalidState,
            $"'{node}' cannot run a name server: port 53 of {address} is in use by {holder}. Nothing was changed. A resolver on 127.0.0.53 only, such as systemd-resolved, would not be in the way.",
            "Stop that program or bind it to a loopback address, or specify other nodes with -NameServer.",
            node
        );

    public static SwarmOpsException GeoDnsListenUnknown(string node, string why) =>
        new(
            ErrorKind.InvalidState,
            $"The address on which a name server on '{node}' would listen is unknown: {why}. Nothing was changed.",
            "Specify the node's own address: New-SwarmNode -PrivateAddress.",
            node
        );

    public static SwarmOpsException GeoDnsAddressUnknown(string node, string why) =>
        new(
            ErrorKind.InvalidState,
            $"The public IPv4 address of '{node}' is unknown: {why}. Nothing was changed.",
            "Specify it (New-SwarmNode -PublicAddress), and pass that node too.",
            node
        );

    public static SwarmOpsException GeoDnsNoTcpPort(string service) =>
        new(
            ErrorKind.InvalidState,
            $"The edge service '{service}' publishes no TCP port, so its health cannot be checked from outside.",
            "Publish a TCP port with New-SwarmEdgeService -PublishHost, or name the port of another check with -HealthPort.",
            service
        );

    public static SwarmOpsException GeoDnsHealthInvalid(string what) =>
        new(
            ErrorKind.InvalidArgument,
            $"The health check is invalid: {what}.",
            "Specify -HealthPath with an absolute path such as /healthz, -HealthHost with a host name, and a -HealthTimeoutSeconds below -HealthIntervalSeconds.",
            what
        );

    public static SwarmOpsException GeoDnsCoordinateInvalid(string region, string value) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{value}' is not the place of the region '{region}'.",
            "Specify latitude and longitude in degrees: -Coordinate @{ 'eu-central-1' = '50.1, 8.7' }.",
            region
        );

    public static SwarmOpsException GeoDnsCoordinateMissing(string region) =>
        new(
            ErrorKind.InvalidArgument,
            $"The place of the region '{region}' is unknown, and with a database clients are sent to the nearest region.",
            $"Specify its latitude and longitude in degrees: -Coordinate @{{ '{region}' = '50.1, 8.7' }}.",
            region
        );

    public static SwarmOpsException GeoDnsRegionUnknown(string region, IReadOnlyCollection<string> known) =>
        new(
            ErrorKind.NotFound,
            $"The edge service has no region '{region}'. Its regions: {Listed(known)}.",
            "Specify one of those.",
            region
        );

    public static SwarmOpsException GeoDnsRegionNameInvalid(string region) =>
        new(
            ErrorKind.InvalidArgument,
            $"The region name '{region}' cannot be used in the configuration of a name server.",
            "Use region names of letters, digits, '.', '_' and '-': Set-SwarmNode -Region.",
            region
        );

    public static SwarmOpsException GeoDnsNetworkInvalid(string network, string why) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{network}' in -NetworkMap is invalid: {why}.",
            "Map each region to its networks in CIDR form: -NetworkMap @{ 'us-east-1' = '192.0.2.0/24', '2001:db8::/32' }.",
            network
        );

    public static SwarmOpsException GeoDnsClientInvalid(string client) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{client}' is not an address or network of a client.",
            "Specify addresses or networks in CIDR form, such as -Client 192.0.2.0/24, 2001:db8::1.",
            client
        );

    public static SwarmOpsException GeoDnsResolverInvalid(string resolver) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{resolver}' is not the address of a resolver.",
            "Specify an IP address, such as -Resolver 9.9.9.9.",
            resolver
        );

    public static SwarmOpsException GeoDatabaseInvalid(string path, string why, Exception? cause = null) =>
        new(
            ErrorKind.InvalidData,
            $"'{path}' cannot be used to locate clients: {why}.",
            "Specify a GeoIP2 database of cities or countries in the MMDB format with -GeoDatabasePath.",
            path,
            cause
        );

    public static SwarmOpsException GeoDatabaseNotCopied(string node, string why) =>
        new(
            ErrorKind.InvalidState,
            $"The database could not be copied to '{node}': {why}. The database that was there before is still in use.",
            "Fix the problem on the host, then run the same command again.",
            node
        );

    public static SwarmOpsException GeoDnsDefinitionInvalid(string zone, string config, Exception cause) =>
        new(
            ErrorKind.InvalidData,
            $"The definition of the zone '{zone}' in the config '{config}' cannot be read: {cause.Message}",
            $"Remove the zone (Remove-SwarmGeoDns -Zone {zone}), then create it again.",
            zone,
            cause
        );

    public static SwarmOpsException GeoDnsServerSilent(string zone, string server, string node, string why) =>
        new(
            ErrorKind.Connection,
            $"The name server {server} of '{zone}' on '{node}' could not be verified from this machine: {why}.",
            $"Open 53/udp and 53/tcp on '{node}' for everyone, this machine included, then run the same command again.",
            node
        );

    public static SwarmOpsException GeoDnsServerNotReady(string zone, string server, string node) =>
        new(
            ErrorKind.InvalidState,
            $"The name server {server} of '{zone}' on '{node}' was not brought up to date: the node is not Ready. The swarm does it when the node is back.",
            "Bring the node back, or run the same command with -NameServer and other nodes.",
            node
        );

    public static SwarmOpsException EdgeRegionLast(string service, string what) =>
        new(
            ErrorKind.InvalidState,
            $"Without {what}, no region of '{service}' that is healthy would be left in DNS, and clients would be sent to all regions at random. Nothing was changed.",
            "Bring another region back first (Set-SwarmEdge -In), or specify -Force.",
            service
        );

    public static SwarmOpsException EdgeUpdateHasNoOther(string service, string what) =>
        new(
            ErrorKind.InvalidState,
            $"{char.ToUpperInvariant(what[0])}{what[1..]} of '{service}' was not updated: without it, no healthy region would be left in DNS. Nothing was changed.",
            "Make another region healthy first (Get-SwarmGeoDns shows why none is), then run the same command again. With -NoDrain the tasks are replaced while clients are sent there.",
            service
        );

    public static SwarmOpsException EdgeDrainUnproven(string service, string what, IReadOnlyList<string> why) =>
        new(
            ErrorKind.InvalidState,
            $"{what} of '{service}' may still be answered: {string.Join("; ", why)}. Do not stop the service there yet.",
            "Bring those name servers back or replace them (New-SwarmGeoDns -NameServer), then run the same command again.",
            service
        );

    public static SwarmOpsException EdgeNotHealthy(string service, string what, IReadOnlyList<string> why) =>
        new(
            ErrorKind.Timeout,
            $"{what} of '{service}' was not seen healthy from another region, and stays out of DNS: {string.Join("; ", why)}.",
            "Check the service there (Get-SwarmService, Get-SwarmServiceLog) and the firewall of its nodes, then run the same command again.",
            service
        );

    public static SwarmOpsException EdgeHasNoZone(string service) =>
        new(
            ErrorKind.NotFound,
            $"No zone on this swarm points to the edge service '{service}', so it is not in a DNS that this cmdlet could change.",
            $"Create one with New-SwarmGeoDns -Zone <zone> -Service {service}, or take the region out of your own DNS.",
            service
        );

    public static SwarmOpsException EdgeTargetMissing(string service) =>
        new(
            ErrorKind.InvalidArgument,
            $"Neither a region nor a node of '{service}' was specified.",
            "Specify -Region or -NodeName.",
            service
        );

    private static string Listed(IReadOnlyCollection<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);
}
