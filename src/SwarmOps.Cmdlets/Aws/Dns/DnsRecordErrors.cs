using SwarmOps.Aws.Dns.Api;

namespace SwarmOps.Aws.Dns;

/// <summary>The errors of records in Route 53, each with its id and the next step (docs/errors/aws.md).</summary>
internal static class DnsRecordErrors
{
    public static SwarmOpsException DnsZoneInvalid(string zone) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{zone}' is not a valid name of a hosted zone.",
            "Specify the name of a public hosted zone of Route 53, such as -Zone example.org.",
            zone
        );

    public static SwarmOpsException DnsRecordNameInvalid(string name, string zone) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' is not a valid name of a record in the zone '{zone}'.",
            "Specify a name relative to the zone, such as -Name www; '@' is the zone itself. At most 220 characters with the zone's name.",
            name
        );

    public static SwarmOpsException DnsZoneNotFound(string zone, IReadOnlyCollection<string> known) =>
        new(
            ErrorKind.NotFound,
            $"The account has no public hosted zone '{zone}'. Public zones: {(known.Count == 0 ? "none" : string.Join(", ", known))}.",
            "Specify one of those with -Zone, or credentials of the account that has the zone (-ProfileName).",
            zone
        );

    public static SwarmOpsException DnsZoneAmbiguous(string zone, IReadOnlyCollection<string> ids) =>
        new(
            ErrorKind.InvalidArgument,
            $"The account has {ids.Count} public hosted zones '{zone}': {string.Join(", ", ids)}. Only the one whose name servers the registrar has is asked by the world.",
            $"Specify that one with -HostedZoneId. Its name servers are shown by: aws route53 get-hosted-zone --id {ids.First()}",
            zone
        );

    public static SwarmOpsException DnsServiceNotFound(string service, IReadOnlyCollection<string> known) =>
        new(
            ErrorKind.NotFound,
            $"The swarm has no edge service '{service}'. Edge services of this swarm: {(known.Count == 0 ? "none" : string.Join(", ", known))}.",
            "Create it with New-SwarmEdgeService, or specify one of those with -Service. To remove its records, use Remove-SwarmDnsRecord.",
            service
        );

    public static SwarmOpsException DnsServiceHasNoNodes(string service) =>
        new(
            ErrorKind.InvalidState,
            $"The regions of the edge service '{service}' have no node, so the name would answer nothing. Nothing was changed.",
            "Check the regions of the nodes (Get-SwarmNode). To remove the records, use Remove-SwarmDnsRecord.",
            service
        );

    public static SwarmOpsException DnsServiceHasNoTcpPort(string service) =>
        new(
            ErrorKind.InvalidState,
            $"The edge service '{service}' publishes no TCP port on its hosts that Route 53 could check.",
            "Specify the port to check with -HealthPort.",
            service
        );

    public static SwarmOpsException DnsRegionUnknown(string region) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{region}' is no AWS region, and latency records are for AWS regions only.",
            $"Specify the AWS region that is nearest to it: -RegionMap @{{ '{region}' = 'eu-central-1' }}.",
            region
        );

    public static SwarmOpsException DnsAddressUnknown(string node) =>
        new(
            ErrorKind.InvalidState,
            $"The public address of '{node}' is not known: it did not answer, and neither the swarm nor Route 53 has it. Nothing was changed.",
            $"Pass the node with its address (New-SwarmNode -Name {node} -PublicAddress ...), then run the same command again.",
            node
        );

    public static SwarmOpsException DnsAddressPrivate(DnsNode node) =>
        new(
            ErrorKind.InvalidArgument,
            $"{node} has a private address, which neither clients nor the checkers of Route 53 can reach. Nothing was changed.",
            "Specify its public address (New-SwarmNode -PublicAddress), then run the same command again.",
            node.Name
        );

    public static SwarmOpsException DnsHealthInvalid(string why) =>
        new(
            ErrorKind.InvalidArgument,
            $"The health check cannot be made: {why}.",
            "Correct -HealthPath and -HealthHost: a path begins with '/', such as /healthz, and a host is a name such as www.example.org.",
            why
        );

    public static SwarmOpsException DnsNameTaken(DnsRecordSet record) =>
        new(
            ErrorKind.AlreadyExists,
            $"'{record.Name}' already has a record of the type {record.Type} that SwarmOps did not create"
                + $"{(record.SetIdentifier is { } id ? $" (set identifier '{id}'{(record.Region is { } region ? $", region {region}" : "")})" : "")}. Nothing was changed.",
            "Specify another -Name, or delete that record in Route 53 first; then run the same command again.",
            record.Name
        );

    public static SwarmOpsException DnsNameOfOtherService(DnsWish wish, string other) =>
        new(
            ErrorKind.AlreadyExists,
            $"'{wish.Name}' belongs to the edge service '{other}', not to '{wish.Service}'. Nothing was changed.",
            $"Specify -Service {other} or another -Name, or remove the present records first: Remove-SwarmDnsRecord -Zone {wish.Zone.Name} -Name {wish.Name}.",
            wish.Name
        );

    public static SwarmOpsException DnsNameOfOtherSwarm(DnsWish wish, string swarm) =>
        new(
            ErrorKind.AlreadyExists,
            $"'{wish.Name}' belongs to the edge service '{wish.Service}' of another swarm ({swarm}). Nothing was changed.",
            "Specify another -Name. If that swarm no longer exists, or its clients are to be sent to this one, run the same command with -Force.",
            wish.Name
        );

    public static SwarmOpsException DnsChangeNotSeen(string name, TimeSpan timeout) =>
        new(
            ErrorKind.Timeout,
            $"The change of '{name}' has been made, but not all name servers of Route 53 had it within {timeout.TotalSeconds:0} s.",
            "Run the same command again, with a higher -TimeoutSeconds. If it stays so, check the AWS Health Dashboard.",
            name
        );

    public static SwarmOpsException DnsNotInSync(string name, string region, IReadOnlyCollection<string> words) =>
        new(
            ErrorKind.InvalidState,
            $"'{name}' still differs for {region} after the change: {string.Join("; ", words)}.",
            "Another tool may be changing the records. Stop it, then run the same command again.",
            name
        );

    public static SwarmOpsException DnsChangedMeanwhile(string name, SwarmOpsException cause) =>
        new(
            ErrorKind.InvalidState,
            $"The records of '{name}' were changed by someone else again and again while this run wanted to change them: {cause.Message}",
            "Find out what else changes them (CloudTrail shows ChangeResourceRecordSets), then run the same command again.",
            name,
            cause
        );

    public static SwarmOpsException DnsRecordNotFound(string name, HostedZone zone) =>
        new(
            ErrorKind.NotFound,
            $"'{name}' has no record in {zone} that SwarmOps created, and no health check.",
            "Check -Zone and -Name. Records that SwarmOps did not create are removed in Route 53.",
            name
        );
}
