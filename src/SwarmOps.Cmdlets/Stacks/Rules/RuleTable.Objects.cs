using static SwarmOps.Stacks.Rules.RuleRows;
using static SwarmOps.Stacks.Rules.ValueTypes;

namespace SwarmOps.Stacks.Rules;

/// <summary>What services share: networks, volumes, secrets and configs.</summary>
internal static partial class RuleTable
{
    private const string StoredNameHow =
        "Its name in the swarm, followed by a hash of the content once that has changed; by default that of the stack, an underscore, the key and a hash.";

    private const string NameHow = "Its name in the swarm; by default that of the stack, an underscore and the key.";

    private static IEnumerable<KeyRule> External(string path, string how) =>
        [
            Honoured(path, ValueTypes.Boolean | ValueTypes.String | Map, how, Forms.Flag),
            Honoured(path + ".name", ValueTypes.String, "The older form of 'name'.", Forms.NotEmpty),
        ];

    private static IEnumerable<KeyRule> Networks =>
        [
            Part("networks.*", Map | Null),
            Honoured("networks.*.name", ValueTypes.String, NameHow, Forms.NotEmpty),
            Honoured(
                "networks.*.driver",
                ValueTypes.String,
                "overlay, or an installed driver of swarm scope. bridge, host, macvlan, ipvlan and none are refused: their networks exist on one node.",
                Forms.NotEmpty
            ),
            .. Options(
                Honoured("networks.*.driver_opts", None, "Options of the driver, such as encrypted or com.docker.network.driver.mtu.")
            ),
            .. External("networks.*.external", "The network exists already, and must."),
            Honoured(
                "networks.*.attachable",
                ValueTypes.Boolean | ValueTypes.String,
                "Whether containers outside of services can attach.",
                Forms.Flag
            ),
            Honoured("networks.*.internal", ValueTypes.Boolean | ValueTypes.String, "Whether it has no way out.", Forms.Flag),
            Honoured(
                "networks.*.enable_ipv6",
                ValueTypes.Boolean | ValueTypes.String,
                "Whether tasks have IPv6 addresses too.",
                Forms.Flag
            ),
            Refused(
                "networks.*.enable_ipv4",
                ValueTypes.Boolean | ValueTypes.String,
                "Overlay networks always have IPv4 addresses.",
                "Remove it.",
                "true"
            ),
            .. Named(Honoured("networks.*.labels", None, "Labels of the network.")),
            Part("networks.*.ipam", Map),
            Honoured("networks.*.ipam.driver", ValueTypes.String, "The driver that assigns addresses.", Forms.NotEmpty),
            Honoured("networks.*.ipam.config", List, "Subnets."),
            Part("networks.*.ipam.config[]", Map),
            Honoured(
                "networks.*.ipam.config[].subnet",
                ValueTypes.String,
                "The subnet; without one the swarm takes it from its default address pool.",
                Forms.Subnet
            ),
            Honoured("networks.*.ipam.config[].gateway", ValueTypes.String, "The gateway.", Forms.Address),
            Honoured(
                "networks.*.ipam.config[].ip_range",
                ValueTypes.String,
                "The part of the subnet that addresses are taken from.",
                Forms.Subnet
            ),
            Refused(
                "networks.*.ipam.config[].aux_addresses",
                Map,
                "Docker does not keep reserved addresses of overlay networks.",
                "Use ip_range to leave addresses out."
            ) with
            {
                TakesExtensions = false,
                Names = Forms.NotEmpty,
            },
            Part("networks.*.ipam.config[].aux_addresses.*", ValueTypes.String),
            .. Options(Honoured("networks.*.ipam.options", None, "Options of that driver."), ValueTypes.String),
        ];

    private static IEnumerable<KeyRule> Volumes =>
        [
            Part("volumes.*", Map | Null),
            Honoured("volumes.*.name", ValueTypes.String, NameHow, Forms.ObjectName),
            Honoured(
                "volumes.*.driver",
                ValueTypes.String,
                "The driver. Each node's engine creates the volume when a task needs it.",
                Forms.NotEmpty
            ),
            .. Options(Honoured("volumes.*.driver_opts", None, "Options of the driver.")),
            .. External(
                "volumes.*.external",
                "The volume exists already on the nodes that run the tasks; it gets neither driver nor labels from here."
            ),
            .. Named(Honoured("volumes.*.labels", None, "Labels of the volume.")),
        ];

    private static IEnumerable<KeyRule> Stored =>
        [
            Part("secrets.*", Map),
            Honoured("secrets.*.name", ValueTypes.String, StoredNameHow, Forms.ObjectName),
            Honoured("secrets.*.file", ValueTypes.String, "A file of this machine with the value.", Forms.NotEmpty),
            Honoured(
                "secrets.*.environment",
                ValueTypes.String,
                "A variable of the session or of the .env file with the value.",
                Forms.NotEmpty
            ),
            .. External("secrets.*.external", "The secret exists already, and must."),
            .. Named(Honoured("secrets.*.labels", None, "Labels of the secret.")),
            Honoured(
                "secrets.*.driver",
                ValueTypes.String,
                "A secret driver (a plugin of the managers) that provides the value.",
                Forms.NotEmpty
            ),
            .. Options(Honoured("secrets.*.driver_opts", None, "Options of that driver.")),
            Honoured(
                "secrets.*.template_driver",
                ValueTypes.String,
                "golang: the value is a template that is resolved for each task.",
                Forms.NotEmpty
            ),
            Part("configs.*", Map),
            Honoured("configs.*.name", ValueTypes.String, StoredNameHow, Forms.ObjectName),
            Honoured("configs.*.file", ValueTypes.String, "A file of this machine with the content.", Forms.NotEmpty),
            Honoured(
                "configs.*.environment",
                ValueTypes.String,
                "A variable of the session or of the .env file with the content.",
                Forms.NotEmpty
            ),
            Honoured("configs.*.content", ValueTypes.String, "The content itself, with variables replaced."),
            .. External("configs.*.external", "The config exists already, and must."),
            .. Named(Honoured("configs.*.labels", None, "Labels of the config.")),
            Honoured(
                "configs.*.template_driver",
                ValueTypes.String,
                "golang: the content is a template that is resolved for each task.",
                Forms.NotEmpty
            ),
        ];
}
