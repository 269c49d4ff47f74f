using static SwarmOps.Stacks.Rules.RuleRows;
using static SwarmOps.Stacks.Rules.ValueTypes;

namespace SwarmOps.Stacks.Rules;

/// <summary>What Compose has no keys for: <c>x-swarmops</c>, which other tools ignore.</summary>
internal static partial class RuleTable
{
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
        ];
}
