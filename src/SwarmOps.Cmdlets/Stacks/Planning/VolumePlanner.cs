using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Stacks.Model;
using SwarmOps.Stacks.Specification;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Stacks.Planning;

/// <summary>
/// Finds volumes that are not what the file says. An engine creates a missing volume when a task starts, also an external one; it refuses one of another driver, and uses one
/// with other options as it is, in silence (moby, volume/service/store.go). Only nodes of the node set can be asked, and only for what no service mounts yet.
/// </summary>
/// <param name="swarm">The swarm.</param>
/// <param name="names">The names of the stack.</param>
/// <param name="state">What the swarm has.</param>
/// <param name="throttleLimit">How many nodes are asked at the same time.</param>
/// <param name="findings">Where conflicts go.</param>
internal sealed class VolumePlanner(SwarmSession swarm, StackNames names, StackState state, int throttleLimit, StackFindings findings)
{
    private const string Local = "local";
    private const string Latest = ":latest";

    /// <summary>Looking must not hold up a deployment.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>The volumes that the tasks of changed services will create.</summary>
    public async Task<IReadOnlyList<VolumeStep>> PlanAsync(StackDefinition stack, IReadOnlyList<ServiceStep> services)
    {
        var mounts = state.Services.SelectMany(Mounts).ToList();
        var mounted = mounts.Select(Source).ToHashSet(StringComparer.Ordinal);
        var alike = mounts.Select(Key).ToHashSet(StringComparer.Ordinal);
        var uses = services
            .Where(step => step.Changes && step.Service.Replicas is not 0)
            .SelectMany(step => VolumesOf(stack, step.Service).Select(volume => new Use(step, volume, names.Of(volume))))
            .Where(use => !(use.Volume.IsExternal ? mounted.Contains(use.Name) : alike.Contains(Key(use))))
            .ToList();
        if (uses.Count == 0)
            return [];
        var nodes = swarm.Nodes.Where(node => uses.Exists(use => Runs(node, use.Step))).ToList();
        string[] asked = [.. uses.Select(use => use.Name).Distinct()];
        var found = await Throttle
            .ForEachAsync(nodes, throttleLimit, node => LookAsync(node, asked), swarm.Context.CancellationToken)
            .ConfigureAwait(false);
        var looks = nodes.Zip(found, (node, volumes) => (Node: node, Volumes: volumes)).Where(look => look.Volumes is not null).ToList();
        var made = new List<VolumeStep>();
        foreach (var group in uses.GroupBy(use => use.Name))
        {
            var use = group.First();
            var places = looks
                .Where(look => group.Any(one => Runs(look.Node, one.Step)))
                .Select(look => (look.Node, Volume: look.Volumes!.GetValueOrDefault(use.Name)))
                .ToList();
            if (use.Volume.IsExternal)
                CheckExternal(use, [.. group], places);
            else if (places.TrueForAll(place => place.Volume is null) && !mounted.Contains(use.Name))
                made.Add(new VolumeStep(use.Name, use.Volume.Driver ?? Local));
            else
                CheckOwn(use, places);
        }

        return made;
    }

    private void CheckExternal(Use use, IReadOnlyList<Use> group, IReadOnlyList<(SwarmNode Node, JsonNode? Volume)> places)
    {
        var lacking = places.Where(place => place.Volume is null).Select(place => place.Node.Name).ToList();
        if (lacking.Count == 0)
            return;
        var possible = swarm.View.Members.Count(member => group.Any(one => Runs(member, one.Step)));
        // Of a node that was not asked nobody knows what it has.
        if (lacking.Count == possible)
            findings.Add(
                $"the external volume '{use.Name}' of '{use.Step.Name}' exists on none of the nodes that may run it",
                "Create it there with 'docker volume create', correct its name, or remove 'external' if the tasks may begin with an empty one."
            );
        else
            swarm.Context.WriteWarning(
                $"The external volume '{use.Name}' does not exist on {string.Join(", ", lacking)}: a task of '{use.Step.Name}' that starts there gets a new, empty one. Constrain the service to the nodes that have it."
            );
    }

    private void CheckOwn(Use use, IReadOnlyList<(SwarmNode Node, JsonNode? Volume)> places)
    {
        var having = places.Where(place => place.Volume is not null).ToList();
        if (use.Volume.Driver is { } driver)
            foreach (var other in having.GroupBy(place => Plain(place.Volume!["Driver"])).Where(group => group.Key != Plain(driver)))
                findings.Add(
                    $"the volume '{use.Name}' exists on {Words(other)} with the driver '{other.Key}', and the file has '{driver}'",
                    $"Write another 'name' for the volume, or move its data and remove it there: docker volume rm {use.Name}."
                );
        var differing = having
            .Where(place => Plain(place.Volume!["Driver"]) == Plain(use.Volume.Driver ?? Local))
            .Select(place => (place.Node, place.Volume, Keys: Differences(place.Volume!, use.Volume)))
            .Where(place => place.Keys.Length > 0)
            .ToList();
        // An option may hold a password, so only its name is shown.
        if (differing.Count > 0)
            swarm.Context.WriteWarning(
                $"The volume '{use.Name}' exists on {string.Join(", ", differing.Select(place => place.Node.Name))} with other driver options ({differing[0].Keys}) than the file has. An existing volume is not changed: tasks there use it as it is. To have the file's, move its data and remove it there: docker volume rm {use.Name}."
            );
    }

    /// <summary>The names of the options that differ; empty for none.</summary>
    internal static string Differences(JsonNode present, StackVolume volume)
    {
        var options = (present["Options"] as JsonObject ?? []).ToDictionary(
            option => option.Key,
            option => (string?)option.Value ?? "",
            StringComparer.Ordinal
        );
        return string.Join(
            ", ",
            options
                .Keys.Union(volume.DriverOptions.Keys)
                .Where(key => options.GetValueOrDefault(key) != volume.DriverOptions.GetValueOrDefault(key))
                .Order(StringComparer.Ordinal)
        );
    }

    /// <summary>The volumes of a node among those asked for; null if it cannot be asked.</summary>
    private async Task<IReadOnlyDictionary<string, JsonNode>?> LookAsync(SwarmNode node, string[] asked)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(swarm.Context.CancellationToken);
        limit.CancelAfter(Limit);
        var filter = new JsonObject { ["name"] = new JsonArray([.. asked.Select(name => (JsonNode)name)]) };
        try
        {
            var answer = await swarm
                .Context.Connection(node)
                .AskJsonAsync(
                    api => api.GetAsync($"/volumes?filters={Uri.EscapeDataString(filter.ToJsonString())}", limit.Token),
                    limit.Token
                )
                .ConfigureAwait(false);
            return (answer["Volumes"] as JsonArray ?? [])
                .OfType<JsonNode>()
                .GroupBy(volume => (string?)volume["Name"] ?? "", StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        }
        catch (Exception exception)
            when (exception is SwarmOpsException
                || (exception is OperationCanceledException && !swarm.Context.CancellationToken.IsCancellationRequested)
            )
        {
            swarm.Context.WriteVerbose($"{node.Name}: its volumes were not checked: {exception.Message}");
            return null;
        }
    }

    private bool Runs(SwarmNode node, ServiceStep step) => swarm.View.Find(node.NodeId ?? "") is { } member && Runs(member, step);

    private static bool Runs(NodeListResponse member, ServiceStep step) =>
        PlacementMatch.TakesTasks(member) && PlacementMatch.Meets(member, step.Service.Constraints);

    private static IEnumerable<StackVolume> VolumesOf(StackDefinition stack, StackService service) =>
        service
            .Mounts.Where(mount => mount is { Type: "volume", Source: not null })
            .Select(mount => stack.Volumes.FirstOrDefault(volume => volume.Key == mount.Source && volume.Folder is null))
            .OfType<StackVolume>()
            .Distinct();

    private static IEnumerable<JsonNode> Mounts(ServiceState service) =>
        (service.Template?["ContainerSpec"]?["Mounts"] as JsonArray ?? [])
            .OfType<JsonNode>()
            .Where(mount => (string?)mount["Type"] == "volume" && Source(mount).Length > 0);

    private static string Source(JsonNode mount) => (string?)mount["Source"] ?? "";

    /// <summary>What a mount says of its volume, as text.</summary>
    private static string Key(JsonNode mount)
    {
        var driver = mount["VolumeOptions"]?["DriverConfig"];
        var options = (driver?["Options"] as JsonObject ?? []).Select(option => (option.Key, (string?)option.Value ?? ""));
        return Key(Source(mount), (string?)driver?["Name"], options);
    }

    private static string Key(Use use) =>
        Key(use.Name, use.Volume.Driver, use.Volume.DriverOptions.Select(option => (option.Key, option.Value)));

    private static string Key(string name, string? driver, IEnumerable<(string Name, string Value)> options) =>
        string.Join('\n', options.Order().Select(option => $"{option.Name}={option.Value}").Prepend($"{name}\n{driver}"));

    /// <summary>The name of a driver; that of a plugin may have a tag.</summary>
    private static string Plain(JsonNode? driver) => Plain((string?)driver ?? "");

    private static string Plain(string driver) => driver.EndsWith(Latest, StringComparison.Ordinal) ? driver[..^Latest.Length] : driver;

    private static string Words(IEnumerable<(SwarmNode Node, JsonNode? Volume)> places) =>
        string.Join(", ", places.Select(place => place.Node.Name));

    /// <summary>A service that mounts a volume.</summary>
    private sealed record Use(ServiceStep Step, StackVolume Volume, string Name);
}
