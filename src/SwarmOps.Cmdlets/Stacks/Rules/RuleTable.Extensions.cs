using static SwarmOps.Stacks.Rules.RuleRows;
using static SwarmOps.Stacks.Rules.ValueTypes;

namespace SwarmOps.Stacks.Rules;

/// <summary>What Compose has no keys for: <c>x-swarmops</c>, which other tools ignore.</summary>
internal static partial class RuleTable
{
    private const string GaleraKey = "services.*.x-swarmops.galera",
        ZoneKey = "services.*.x-swarmops.geoDns",
        FolderKey = "volumes.*.x-swarmops.sharedFolder";

    private static IEnumerable<KeyRule> Extensions =>
        [
            Closed(
                "services.*.x-swarmops",
                "What Compose has no key for. Docker Compose and docker stack deploy ignore it; other keys that begin with x- are ignored here, too."
            ),
            Flag(
                "services.*.x-swarmops.edge",
                "One service a region, with one task on every node and the published ports on the hosts, deployed one region after the other; other services reach all of them by the name in the file."
            ),
            .. TextOrTexts(
                "services.*.x-swarmops.region",
                "The region that the tasks run in; for an edge service one or more. A node's region is its label region."
            ),
            Choice(
                "services.*.x-swarmops.spread",
                "Spreads the tasks over regions, or over zones, before other preferences.",
                "region",
                "zone"
            ),
            Flag(
                "services.*.x-swarmops.createMountPath",
                "Creates missing directories of bind mounts on the nodes that may run the service."
            ),
            .. Galera,
            .. GeoDns,
            Closed("volumes.*.x-swarmops", "What Compose has no key for."),
            .. Folder,
        ];

    private static IEnumerable<KeyRule> Galera =>
        [
            Closed(
                GaleraKey,
                "A Galera cluster in place of the service, as New-GaleraService forms it: a node in each region, on the service's network, of its image. It is formed before the services, "
                    + "and neither rolled back nor removed with the stack. Of the service only image, networks, profiles and the memory of deploy.resources are taken."
            ),
            Text(
                GaleraKey + ".name",
                "Its name; by default that of the stack, a hyphen and the key. The node of a region is reached at name-region."
            ),
            Text(GaleraKey + ".database", "A database to create with the cluster."),
            Text(GaleraKey + ".user", "The account of that database."),
            Text(
                GaleraKey + ".userPasswordSecret",
                "The secret with its password, created if it does not exist. Services use it as an external secret."
            ),
            Text(
                GaleraKey + ".rootPasswordSecret",
                "The secret with root's password, created if it does not exist; GALERA_ROOT_PASSWORD by default."
            ),
            Text(GaleraKey + ".dataPath", "The data directory on each host; /srv/mysql by default."),
            Text(GaleraKey + ".dataPathOwner", "Owner of directories that are created."),
            Honoured(GaleraKey + ".dataPathMode", ValueTypes.String | Number, "Mode of directories that are created.", Forms.FileMode),
            Choice(GaleraKey + ".layout", "One node in each region, or one on every host.", "perRegion", "global"),
            Text(GaleraKey + ".arbitrator", "The region of an arbitrator, which votes and holds no data."),
            Honoured(GaleraKey + ".arbitratorImage", ValueTypes.String, "Its image, if it is another one.", Forms.Image),
            Flag(GaleraKey + ".tls", "TLS between the nodes; true by default."),
            Honoured(GaleraKey + ".cacheSize", ValueTypes.String | Integer, "Size of the write-set cache.", Forms.Bytes),
            Flag(GaleraKey + ".wanTimeout", "The timeouts that Galera recommends for WANs."),
            Flag(GaleraKey + ".strict", "The servers refuse or report what Galera does not replicate."),
            Flag(GaleraKey + ".imageBootstraps", "The image bootstraps and joins the cluster by itself."),
            Flag(GaleraKey + ".publish", "Publishes port 3306 on each host."),
            .. Options(
                Honoured(GaleraKey + ".options", None, "Further options of the server."),
                ValueTypes.String | Number | ValueTypes.Boolean
            ),
        ];

    private static IEnumerable<KeyRule> GeoDns =>
        [
            Closed(
                ZoneKey,
                "Name servers for the edge service, as New-SwarmGeoDns creates them: they answer each client with the nearest healthy region. They are created after the services, and neither "
                    + "rolled back nor removed with the stack."
            ),
            Text(ZoneKey + ".zone", "The zone, which is the name of the site. Required."),
            Honoured(ZoneKey + ".image", ValueTypes.String, "An image with gdnsd. Required.", Forms.Image),
            .. TextOrTexts(ZoneKey + ".nameServer", "The nodes that run the name servers, in at least two regions."),
            .. TextOrTexts(ZoneKey + ".recordName", "Names that are answered by region; @ is the zone itself."),
            .. TextOrTexts(ZoneKey + ".regionOrder", "The order of regions for clients that cannot be located."),
            Text(ZoneKey + ".geoDatabase", "A GeoIP2 database of this machine."),
            Closed(ZoneKey + ".networkMap", "Networks of clients by the region that they are sent to.") with
            {
                Names = Forms.NotEmpty,
            },
            Part(ZoneKey + ".networkMap.*", ValueTypes.String | List, Forms.Subnet),
            Part(ZoneKey + ".networkMap.*[]", ValueTypes.String, Forms.Subnet),
            .. Options(Honoured(ZoneKey + ".coordinate", None, "Places of regions: latitude and longitude in degrees."), ValueTypes.String),
            Honoured(ZoneKey + ".ttl", ValueTypes.String, "How long resolvers keep an answer; 30s by default.", Forms.Duration),
            Honoured(ZoneKey + ".healthPort", Integer, "The port that the name servers check.", Forms.Port),
            Text(ZoneKey + ".healthPath", "The path that they request; without one they only connect."),
            Text(ZoneKey + ".healthHost", "The Host header of that request."),
            Honoured(ZoneKey + ".healthInterval", ValueTypes.String, "Time between two checks.", Forms.Duration),
            Honoured(ZoneKey + ".healthTimeout", ValueTypes.String, "Time limit of a check.", Forms.Duration),
            Honoured(ZoneKey + ".healthRetries", Integer, "Failed checks that make a node unhealthy.", Forms.Positive),
        ];

    private static IEnumerable<KeyRule> Folder =>
        [
            Closed(
                FolderKey,
                "A shared folder in place of the volume, as New-SwarmSharedFolder forms it: a directory that is kept alike on all nodes; services mount it there. It is formed before the "
                    + "services, and neither rolled back nor removed with the stack."
            ),
            Text(FolderKey + ".path", "The directory on each host. Required."),
            Text(FolderKey + ".name", "Its name; by default that of the stack, a hyphen and the key."),
            Text(FolderKey + ".network", "The network of the copies; default by default."),
            Text(FolderKey + ".owner", "User and group id of all files, such as 33:33."),
            Text(FolderKey + ".from", "The node whose files are kept if several hold different ones."),
            Honoured(FolderKey + ".image", ValueTypes.String, "Syncthing's image.", Forms.Image),
        ];

    private static KeyRule Text(string path, string how) => Honoured(path, ValueTypes.String, how, Forms.NotEmpty);

    private static KeyRule Flag(string path, string how) => Honoured(path, ValueTypes.Boolean, how, Forms.Flag);

    private static KeyRule Choice(string path, string how, params string[] values) =>
        Honoured(path, ValueTypes.String, how) with
        {
            Values = values,
        };

    private static IEnumerable<KeyRule> TextOrTexts(string path, string how) => TextOrList(Honoured(path, None, how), Forms.NotEmpty);

    /// <summary>A mapping that no other tool adds keys to.</summary>
    private static KeyRule Closed(string path, string how) => Honoured(path, Map, how) with { TakesExtensions = false };
}
