using System.Text;
using System.Text.Json.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Running;
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
        var own = state.Of(request.Name);
        if (own.Services.Count == 0)
            throw StackErrors.StackNotFound(request.Name, swarm.SwarmId);
        var text = Text(own, state);
        await VerifyAsync(swarm, text).ConfigureAwait(false);
        if (request.Path is not { } path)
            context.WriteObject(text);
        else if (await context.ShouldProcessAsync(path, $"Write the stack '{request.Name}' to a Compose file").ConfigureAwait(false))
            context.WriteObject(Written(path, text));
    }

    private string Text(StackState own, StackState state)
    {
        var names = new StackNames(request.Name);
        var objects = new ObjectExport(names, state);
        var services = new JsonObject();
        foreach (var service in own.Services)
        {
            var prefix = request.Name + "_";
            var key = service.Name.StartsWith(prefix, StringComparison.Ordinal) ? service.Name[prefix.Length..] : service.Name;
            services[key] = new ServiceExport(service, key, objects).Create();
        }

        var file = new JsonObject { ["name"] = request.Name, ["services"] = services };
        objects.AddTo(file);
        return YamlWriter.Write(file);
    }

    /// <summary>Reads the text as Publish-SwarmStack would, and warns of each difference from the swarm.</summary>
    private async Task VerifyAsync(SwarmSession swarm, string text)
    {
        var path = Path.GetFullPath(request.Path ?? "compose.yaml");
        var reader = new StackReader(new MemoryFile(path, Encoding.UTF8.GetBytes(text)), new StackReadRequest([path]) { Profiles = ["*"] });
        var (stack, problems) = reader.TryRead();
        foreach (var problem in problems)
            context.WriteWarning($"The file cannot be published as it is: {problem}");
        if (stack is null)
            return;
        var planner = new StackPlanner(context, swarm, new ServiceOptions { SkipImage = true });
        var (plan, findings) = await planner.TryPlanAsync(stack, request.Name).ConfigureAwait(false);
        foreach (var change in plan.Changes)
            context.WriteWarning($"A Compose file cannot say all of it, so publishing this one would do the following: {change.Action}.");
        foreach (var (problem, remedy) in findings)
            context.WriteVerbose($"At the moment {problem}. {remedy}");
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
