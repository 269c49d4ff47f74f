using System.Text.Json.Nodes;
using SwarmOps.Services.Running;
using SwarmOps.Stacks.Planning;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Stacks;

/// <summary>Stacks as shown to the user.</summary>
internal static class StackReport
{
    /// <summary>Reads the stacks that are chosen, sorted by name.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<IReadOnlyList<SwarmStack>> ReadAsync(SwarmSession swarm, Func<string, bool> isChosen)
    {
        var reading = StackState.ReadAsync(swarm);
        var wanted = ServiceReader.WantedTasksAsync(swarm);
        var naming = ServiceReader.NetworkNamesAsync(swarm);
        await Task.WhenAll(reading, wanted, naming).ConfigureAwait(false);
        var state = await reading.ConfigureAwait(false);
        var stacks = state.Stacks().Where(isChosen).Select(name => (Name: name, Own: state.Of(name))).ToList();
        var ended = await ServiceReader
            .TasksOfAsync(
                swarm,
                [.. stacks.SelectMany(stack => stack.Own.Services).Where(ServiceReader.CountsEndedTasks).Select(service => service.Id)]
            )
            .ConfigureAwait(false);
        var tasks = await wanted.ConfigureAwait(false);
        var networks = await naming.ConfigureAwait(false);
        return [.. stacks.Select(stack => Describe(stack.Name, stack.Own))];

        SwarmStack Describe(string name, StackState own)
        {
            List<SwarmService> services =
            [
                .. own.Services.Select(service =>
                    ServiceReader.Describe(
                        swarm,
                        service,
                        ServiceReader.CountsEndedTasks(service) ? ended[service.Id] : tasks.GetValueOrDefault(service.Id) ?? [],
                        networks
                    )
                ),
            ];
            return new SwarmStack
            {
                Name = name,
                SwarmId = swarm.SwarmId,
                DesiredCount = services.Sum(service => service.DesiredCount),
                RunningCount = services.Sum(service => service.RunningCount),
                Services = services,
                Networks = [.. own.Networks.Select(network => network.Name).Order(StringComparer.Ordinal)],
                Volumes = Volumes(own, name),
                Secrets = [.. own.Secrets.Select(item => item.ObjectName).Order(StringComparer.Ordinal)],
                Configs = [.. own.Configs.Select(item => item.ObjectName).Order(StringComparer.Ordinal)],
                Nodes = swarm.Nodes,
            };
        }
    }

    /// <summary>The volumes that carry the label of the stack, which tasks create them with.</summary>
    private static IReadOnlyList<string> Volumes(StackState own, string stack) =>
        [
            .. own
                .Services.SelectMany(service => service.Template?["ContainerSpec"]?["Mounts"] as JsonArray ?? [])
                .OfType<JsonNode>()
                .Where(mount =>
                    (string?)mount["Type"] == "volume"
                    && (string?)mount["VolumeOptions"]?["Labels"]?[Specification.StackNames.StackLabel] == stack
                )
                .Select(mount => (string?)mount["Source"] ?? "")
                .Where(name => name.Length > 0)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
}
