using SwarmOps.Stacks.Model;

namespace SwarmOps.Stacks.Building;

/// <summary>What a service has under <c>x-swarmops</c>.</summary>
internal sealed class ExtensionBuilder(Fields service, string path, BuildContext context)
{
    private const string Key = "x-swarmops";

    private readonly Fields fields = service.Map(Key);

    public static bool IsEdge(Fields service) => service.Map(Key).Flag("edge") is true;

    public StackService AddTo(StackService built)
    {
        if (!service.Has(Key))
            return built;
        var regions = fields.Texts("region");
        var isEdge = IsEdge(service);
        if (regions.Count > 1 && !isEdge)
            context.Problems.Add(
                fields.At("region"),
                $"{path}.{Key} has several regions, and the service is no edge service: its tasks would have to be in all of them at once.",
                "Write one region, 'edge: true', or 'spread: region'."
            );
        built = built with
        {
            Regions = regions,
            CreatesMountPaths = fields.Flag("createMountPath") is true,
            SpreadOver = fields.Text("spread") is { } spread
                ? [$"node.labels.{spread}", .. built.SpreadOver.Where(over => over != $"node.labels.{spread}")]
                : built.SpreadOver,
        };
        if (fields.Has("geoDns") && !isEdge)
            context.Problems.Add(
                fields.At("geoDns"),
                $"{path}.{Key} has name servers, which send clients to the regions of an edge service, and the service is none.",
                "Write 'edge: true' beside 'geoDns', or remove 'geoDns'."
            );
        return isEdge
                ? Edge(built) with
                {
                    Zone = fields.Has("geoDns") ? new ZoneBuilder(fields.Map("geoDns"), path, context).Build(built) : null,
                }
            : regions is [var only] ? built with { Constraints = [.. built.Constraints, $"node.labels.region=={only}"] }
            : built;
    }

    private StackService Edge(StackService built)
    {
        if (built.Ports.Count == 0)
            Refuse("publishes no port, which is what an edge service is for", "Add 'ports', or remove 'edge'.");
        if (built.Replicas is not null)
            Refuse("has a number of replicas, and an edge service has one task on every node", "Remove the number, or 'edge'.");
        if (built.Mode is SwarmServiceMode.ReplicatedJob or SwarmServiceMode.GlobalJob)
            Refuse("is a job", "Remove the mode, or 'edge'.");
        if (built.SpreadOver.Count > 0)
            Refuse("spreads its tasks, and an edge service has one task on every node", "Remove the preference, or 'edge'.");
        if (built.Update?.Order == SwarmUpdateOrder.StartFirst || built.Rollback?.Order == SwarmUpdateOrder.StartFirst)
            Refuse("starts the new task first, and both cannot have the port of the host", "Write 'order: stop-first', or remove 'edge'.");
        return built with
        {
            IsEdge = true,
            Mode = SwarmServiceMode.Global,
            // Clients connect to the hosts, so no virtual IP address is needed.
            EndpointMode = built.EndpointMode ?? SwarmEndpointMode.Dnsrr,
            Ports =
            [
                .. built.Ports.Select(port => port with { OnHost = true, Published = port.Published > 0 ? port.Published : port.Target }),
            ],
        };
    }

    private void Refuse(string why, string remedy) => context.Problems.Add(fields.At("edge"), $"{path} {why}.", remedy);
}
