using System.Text;
using System.Text.Json.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Stacks.Exporting;
using SwarmOps.Stacks.Planning;
using SwarmOps.Stacks.Reading;
using SwarmOps.Stacks.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Stacks;

/// <summary>Writes a running stack as a Compose file, reads that back, and names whatever it would change.</summary>
internal sealed class ExportStackOperation(IOperationContext context, ExportStackRequest request)
{
    /// <summary>Writes the file, or its text to the pipeline.</summary>
    /// <exception cref="SwarmOpsException"><c>StackNotFound</c>, <c>StackFileExists</c>, <c>StackFileNotWritten</c>, the transport's errors.</exception>
    public async Task RunAsync()
    {
        if (request is { Path: { } taken, Overwrites: false } && File.Exists(taken))
            throw StackErrors.StackFileExists(taken);
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.ThrottleLimit, ServiceReader.Patience)
            .ConfigureAwait(false);
        var state = await StackState.ReadAsync(swarm).ConfigureAwait(false);
        var services = Services(state, swarm.SwarmId);
        if (services.Count == 0)
            return;
        var keys = Keys(services);
        var text = Text(keys, state);
        await VerifyAsync(swarm, text, keys).ConfigureAwait(false);
        if (request.Path is not { } path)
            context.WriteObject(text);
        else if (await context.ShouldProcessAsync(path, $"Write the stack '{request.Name}' to a Compose file").ConfigureAwait(false))
            context.WriteObject(Written(path, text));
    }

    /// <summary>The services of the stack, or those that are named; a name that no service has is an error, and the others are written.</summary>
    /// <exception cref="SwarmOpsException"><c>StackNotFound</c>.</exception>
    private IReadOnlyList<ServiceState> Services(StackState state, string swarmId)
    {
        if (request.Services.Count == 0)
            return state.Of(request.Name).Services is { Count: > 0 } own ? own : throw StackErrors.StackNotFound(request.Name, swarmId);
        var choice = new NameChoice(request.Services);
        var chosen = state.Services.Where(service => choice.Takes(service.Name)).ToList();
        foreach (var missing in choice.Missing)
            context.WriteError(ServiceErrors.ServiceNotFound(missing, swarmId));
        return chosen;
    }

    /// <summary>The services by their keys in the file: their names without that of the stack, unless services of two stacks would have the same.</summary>
    private IReadOnlyDictionary<string, ServiceState> Keys(IEnumerable<ServiceState> services)
    {
        var keys = new Dictionary<string, ServiceState>(StringComparer.Ordinal);
        foreach (var service in services)
        {
            var prefix = (StackState.StackOf(service.Labels) ?? request.Name) + "_";
            var key = service.Name.StartsWith(prefix, StringComparison.Ordinal) ? service.Name[prefix.Length..] : service.Name;
            keys[keys.ContainsKey(key) ? service.Name : key] = service;
        }

        return keys;
    }

    private string Text(IReadOnlyDictionary<string, ServiceState> chosen, StackState state)
    {
        var names = new StackNames(request.Name);
        var objects = new ObjectExport(names, state);
        var services = new JsonObject();
        foreach (var (key, service) in chosen)
            services[key] = new ServiceExport(service, key, objects).Create();

        var file = new JsonObject { ["name"] = request.Name, ["services"] = services };
        objects.AddTo(file);
        return YamlWriter.Write(file);
    }

    /// <summary>Reads the text as Publish-SwarmStack would, and warns of each difference from the swarm.</summary>
    private async Task VerifyAsync(SwarmSession swarm, string text, IReadOnlyDictionary<string, ServiceState> services)
    {
        var path = Path.GetFullPath(request.Path ?? "compose.yaml");
        var reader = new StackReader(new MemoryFile(path, Encoding.UTF8.GetBytes(text)), new StackReadRequest([path]) { Profiles = ["*"] });
        var (stack, problems) = reader.TryRead();
        foreach (var problem in problems)
            context.WriteWarning($"The file cannot be published as it is: {problem}");
        if (stack is null)
            return;
        var planner = new StackPlanner(context, swarm, new ServiceOptions { SkipImage = true }, new StackFacts());
        var (plan, findings) = await planner.TryPlanAsync(stack, request.Name).ConfigureAwait(false);
        if (request.Services.Count > 0)
            Compare(plan, services);
        else
            foreach (var change in plan.Changes)
                context.WriteWarning(
                    $"A Compose file cannot say all of it, so publishing this one would do the following: {change.Action}."
                );
        foreach (var (problem, remedy) in findings)
            context.WriteVerbose($"At the moment {problem}. {remedy}");
    }

    /// <summary>Services that go into a new stack are others, with the same settings: all but names and the stack's labels must be the same.</summary>
    private void Compare(StackPlan plan, IReadOnlyDictionary<string, ServiceState> services)
    {
        foreach (var (key, service) in services)
        {
            if (plan.Services.FirstOrDefault(step => step.Service.Key == key) is not { } step)
                continue;
            var differences = SpecDifferences.List(
                // A network that no manager lists is a predefined one, and was written as such.
                Settings(NamedSpec.Of(service.Spec, plan.NameOf, "host")),
                Settings(NamedSpec.Of(step.Wanted, _ => null, null))
            );
            if (differences.Count > 0)
                context.WriteWarning(
                    $"A Compose file cannot say all of '{service.Name}', so publishing this one would differ from it: {string.Join("; ", differences)}."
                );
        }
    }

    private static JsonObject Settings(JsonObject settings)
    {
        settings.Remove("Name");
        foreach (var labels in new[] { settings["Labels"], settings["TaskTemplate"]?["ContainerSpec"]?["Labels"] }.OfType<JsonObject>())
        {
            labels.Remove(StackNames.StackLabel);
            labels.Remove(StackNames.ImageLabel);
        }

        foreach (var mount in (settings["TaskTemplate"]?["ContainerSpec"]?["Mounts"] as JsonArray ?? []).OfType<JsonObject>())
            (mount["VolumeOptions"]?["Labels"] as JsonObject)?.Remove(StackNames.StackLabel);
        // A service of a stack has its key as an alias, so that others reach it as before.
        foreach (var network in (settings["TaskTemplate"]?["Networks"] as JsonArray ?? []).OfType<JsonObject>())
            network.Remove("Aliases");
        settings["TaskTemplate"]?.AsObject().Remove("ForceUpdate");
        // The engine's default, which a Compose file leaves out.
        if (settings["EndpointSpec"] is JsonObject endpoint && (string?)endpoint["Mode"] == "vip")
            endpoint.Remove("Mode");
        RemoveEmpty(settings);
        return settings;
    }

    /// <summary>Parts that say nothing: whether they are written differs from client to client.</summary>
    private static void RemoveEmpty(JsonNode node)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list.OfType<JsonNode>())
                RemoveEmpty(item);
        }

        foreach (var (name, value) in (node as JsonObject ?? []).ToList())
        {
            if (value is not null)
                RemoveEmpty(value);
            if (value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 })
                node.AsObject().Remove(name);
        }
    }

    private static FileInfo Written(string path, string text)
    {
        try
        {
            File.WriteAllText(path, text);
            return new FileInfo(path);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw StackErrors.StackFileNotWritten(path, exception);
        }
    }
}
