using SwarmOps.Services.Edge;
using SwarmOps.Stacks.Model;
using SwarmOps.Stacks.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Stacks.Planning;

/// <summary>Edge services, which are one service a region.</summary>
internal static class StackRegions
{
    /// <summary>The stack with a service for each region in place of each edge service. Each waits for the one before it, and who depends on the edge service for all.</summary>
    public static StackDefinition Expand(StackDefinition stack, StackNames names, IEnumerable<SwarmPlace> members, StackFindings findings)
    {
        var edges = stack.Services.Where(service => service.IsEdge).ToList();
        if (edges.Count == 0)
            return stack;
        var places = members.ToList();
        var parts = edges.ToDictionary(
            service => service.Key,
            service => In(service, names.Scoped(service.Key), places, findings),
            StringComparer.Ordinal
        );
        return stack with
        {
            Services =
            [
                .. stack
                    .Services.SelectMany(service => parts.GetValueOrDefault(service.Key) ?? [service])
                    .Select(service => service with { DependsOn = [.. service.DependsOn.SelectMany(Parts)] }),
            ],
        };

        IEnumerable<StackDependency> Parts(StackDependency dependency) =>
            parts.TryGetValue(dependency.Service, out var services)
                ? services.Select(service => dependency with { Service = service.Key })
                : [dependency];
    }

    private static List<StackService> In(StackService service, string name, List<SwarmPlace> places, StackFindings findings)
    {
        var known = places.Select(place => place.Region).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        foreach (var region in service.Regions.Where(region => !known.Contains(region)))
            findings.Add(
                $"no node is in the region '{region}' of the edge service '{service.Key}'; the swarm has {(known.Count == 0 ? "none" : string.Join(", ", known))}",
                "Correct the region, or set that of the nodes with Set-SwarmNode -Region."
            );
        var without = places.Where(place => string.IsNullOrEmpty(place.Region)).Select(place => place.Name).ToList();
        if (service.Regions.Count == 0 && without.Count > 0)
            findings.Add(
                $"the edge service '{service.Key}' needs the region of every node, and these have no label region: {string.Join(", ", without)}",
                "Set it with Set-SwarmNode -Region, or list the regions under x-swarmops.region."
            );
        var built = new List<StackService>();
        foreach (var region in (service.Regions.Count > 0 ? service.Regions : known).Distinct())
        {
            built.Add(
                service with
                {
                    Key = EdgeRules.NameIn(service.Key, region),
                    Constraints = [.. service.Constraints, $"node.labels.region=={region}"],
                    Labels = new Dictionary<string, string>(service.Labels, StringComparer.Ordinal) { [EdgeRules.NameLabel] = name },
                    Networks =
                    [
                        .. service.Networks.Select(network =>
                            network with
                            {
                                Aliases = [.. network.Aliases.Append(service.Key).Distinct()],
                            }
                        ),
                    ],
                    DependsOn = built.Count == 0 ? service.DependsOn : [new StackDependency(built[^1].Key, StackCondition.Converged)],
                }
            );
        }

        return built;
    }
}
