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
            Honoured(
                "services.*.x-swarmops",
                Map,
                "What Compose has no key for. Docker Compose and docker stack deploy ignore it; other keys that begin with x- are ignored here, too."
            ) with
            {
                TakesExtensions = false,
            },
            Honoured(
                "services.*.x-swarmops.edge",
                ValueTypes.Boolean,
                "One service a region, with one task on every node and the published ports on the hosts, deployed one region after the other; other services reach all of them by the name in the file.",
                Forms.Flag
            ),
            .. TextOrList(
                Honoured(
                    "services.*.x-swarmops.region",
                    None,
                    "The region that the tasks run in; for an edge service one or more. A node's region is its label region."
                ),
                Forms.NotEmpty
            ),
            Honoured(
                "services.*.x-swarmops.spread",
                ValueTypes.String,
                "Spreads the tasks over regions, or over zones, before other preferences."
            ) with
            {
                Values = ["region", "zone"],
            },
            Honoured(
                "services.*.x-swarmops.createMountPath",
                ValueTypes.Boolean,
                "Creates missing directories of bind mounts on the nodes that may run the service.",
                Forms.Flag
            ),
            .. Galera,
            .. GeoDns,
            Honoured("volumes.*.x-swarmops", Map, "What Compose has no key for.") with
            {
                TakesExtensions = false,
            },
            .. Folder,
        ];

    private static IEnumerable<KeyRule> Galera =>
        [
            Honoured(
                GaleraKey,
                Map,
                "A Galera cluster in place of the service, as New-GaleraService forms it: a node in each region, on the service's network, of its image. It is formed before the services, "
                    + "and neither rolled back nor removed with the stack. Of the service only image, networks, profiles and the memory of deploy.resources are taken."
            ) with
            {
                TakesExtensions = false,
            },
            Honoured(
                GaleraKey + ".name",
                ValueTypes.String,
                "Its name; by default that of the stack, a hyphen and the key. The node of a region is reached at name-region.",
                Forms.NotEmpty
            ),
            Honoured(GaleraKey + ".database", ValueTypes.String, "A database to create with the cluster.", Forms.NotEmpty),
            Honoured(GaleraKey + ".user", ValueTypes.String, "The account of that database.", Forms.NotEmpty),
            Honoured(
                GaleraKey + ".userPasswordSecret",
                ValueTypes.String,
                "The secret with its password, created if it does not exist. Services use it as an external secret.",
                Forms.NotEmpty
            ),
            Honoured(
                GaleraKey + ".rootPasswordSecret",
                ValueTypes.String,
                "The secret with root's password, created if it does not exist; GALERA_ROOT_PASSWORD by default.",
                Forms.NotEmpty
            ),
            Honoured(GaleraKey + ".dataPath", ValueTypes.String, "The data directory on each host; /srv/mysql by default.", Forms.NotEmpty),
            Honoured(GaleraKey + ".dataPathOwner", ValueTypes.String, "Owner of directories that are created.", Forms.NotEmpty),
            Honoured(GaleraKey + ".dataPathMode", ValueTypes.String | Number, "Mode of directories that are created.", Forms.FileMode),
            Honoured(GaleraKey + ".layout", ValueTypes.String, "One node in each region, or one on every host.") with
            {
                Values = ["perRegion", "global"],
            },
            Honoured(
                GaleraKey + ".arbitrator",
                ValueTypes.String,
                "The region of an arbitrator, which votes and holds no data.",
                Forms.NotEmpty
            ),
            Honoured(GaleraKey + ".arbitratorImage", ValueTypes.String, "Its image, if it is another one.", Forms.Image),
            Honoured(GaleraKey + ".tls", ValueTypes.Boolean, "TLS between the nodes; true by default.", Forms.Flag),
            Honoured(GaleraKey + ".cacheSize", ValueTypes.String | Integer, "Size of the write-set cache.", Forms.Bytes),
            Honoured(GaleraKey + ".wanTimeout", ValueTypes.Boolean, "The timeouts that Galera recommends for WANs.", Forms.Flag),
            Honoured(GaleraKey + ".strict", ValueTypes.Boolean, "The servers refuse or report what Galera does not replicate.", Forms.Flag),
            Honoured(
                GaleraKey + ".imageBootstraps",
                ValueTypes.Boolean,
                "The image bootstraps and joins the cluster by itself.",
                Forms.Flag
            ),
            Honoured(GaleraKey + ".publish", ValueTypes.Boolean, "Publishes port 3306 on each host.", Forms.Flag),
            .. Options(
                Honoured(GaleraKey + ".options", None, "Further options of the server."),
                ValueTypes.String | Number | ValueTypes.Boolean
            ),
        ];

    private static IEnumerable<KeyRule> GeoDns =>
        [
            Honoured(
                ZoneKey,
                Map,
                "Name servers for the edge service, as New-SwarmGeoDns creates them: they answer each client with the nearest healthy region. They are created after the services, and neither "
                    + "rolled back nor removed with the stack."
            ) with
            {
                TakesExtensions = false,
            },
            Honoured(ZoneKey + ".zone", ValueTypes.String, "The zone, which is the name of the site. Required.", Forms.NotEmpty),
            Honoured(ZoneKey + ".image", ValueTypes.String, "An image with gdnsd. Required.", Forms.Image),
            .. TextOrList(
                Honoured(ZoneKey + ".nameServer", None, "The nodes that run the name servers, in at least two regions."),
                Forms.NotEmpty
            ),
            .. TextOrList(
                Honoured(ZoneKey + ".recordName", None, "Names that are answered by region; @ is the zone itself."),
                Forms.NotEmpty
            ),
            .. TextOrList(
                Honoured(ZoneKey + ".regionOrder", None, "The order of regions for clients that cannot be located."),
                Forms.NotEmpty
            ),
            Honoured(ZoneKey + ".geoDatabase", ValueTypes.String, "A GeoIP2 database of this machine.", Forms.NotEmpty),
            Honoured(ZoneKey + ".networkMap", Map, "Networks of clients by the region that they are sent to.") with
            {
                TakesExtensions = false,
                Names = Forms.NotEmpty,
            },
            Part(ZoneKey + ".networkMap.*", ValueTypes.String | List, Forms.Subnet),
            Part(ZoneKey + ".networkMap.*[]", ValueTypes.String, Forms.Subnet),
            .. Options(Honoured(ZoneKey + ".coordinate", None, "Places of regions: latitude and longitude in degrees."), ValueTypes.String),
            Honoured(ZoneKey + ".ttl", ValueTypes.String, "How long resolvers keep an answer; 30s by default.", Forms.Duration),
            Honoured(ZoneKey + ".healthPort", Integer, "The port that the name servers check.", Forms.Port),
            Honoured(
                ZoneKey + ".healthPath",
                ValueTypes.String,
                "The path that they request; without one they only connect.",
                Forms.NotEmpty
            ),
            Honoured(ZoneKey + ".healthHost", ValueTypes.String, "The Host header of that request.", Forms.NotEmpty),
            Honoured(ZoneKey + ".healthInterval", ValueTypes.String, "Time between two checks.", Forms.Duration),
            Honoured(ZoneKey + ".healthTimeout", ValueTypes.String, "Time limit of a check.", Forms.Duration),
            Honoured(ZoneKey + ".healthRetries", Integer, "Failed checks that make a node unhealthy.", Forms.Positive),
        ];

    private static IEnumerable<KeyRule> Folder =>
        [
            Honoured(
                FolderKey,
                Map,
                "A shared folder in place of the volume, as New-SwarmSharedFolder forms it: a directory that is kept alike on all nodes; services mount it there. It is formed before the "
                    + "services, and neither rolled back nor removed with the stack."
            ) with
            {
                TakesExtensions = false,
            },
            Honoured(FolderKey + ".path", ValueTypes.String, "The directory on each host. Required.", Forms.NotEmpty),
            Honoured(
                FolderKey + ".name",
                ValueTypes.String,
                "Its name; by default that of the stack, a hyphen and the key.",
                Forms.NotEmpty
            ),
            Honoured(FolderKey + ".network", ValueTypes.String, "The network of the copies; default by default.", Forms.NotEmpty),
            Honoured(FolderKey + ".owner", ValueTypes.String, "User and group id of all files, such as 33:33.", Forms.NotEmpty),
            Honoured(
                FolderKey + ".from",
                ValueTypes.String,
                "The node whose files are kept if several hold different ones.",
                Forms.NotEmpty
            ),
            Honoured(FolderKey + ".image", ValueTypes.String, "Syncthing's image.", Forms.Image),
        ];
}
