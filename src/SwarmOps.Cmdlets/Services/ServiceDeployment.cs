using System.Text.Json.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services.Edge;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services;

/// <summary>Deploys services: creates one or changes what differs, and waits until it has converged.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="options">How the services are deployed.</param>
internal sealed class ServiceDeployment(IOperationContext context, SwarmSession swarm, ServiceOptions options)
{
    /// <summary>Brings a service to match the request and waits; null if the user declined.</summary>
    /// <param name="request">The service.</param>
    /// <param name="like">An existing service whose specification a new one is copied from; null for none.</param>
    /// <param name="mayCreate">Whether the service is created if it does not exist.</param>
    /// <exception cref="SwarmOpsException">Those of <see cref="ServiceErrors"/> and the transport.</exception>
    public async Task<ServiceState?> BringAsync(ServiceRequest request, string? like, bool mayCreate)
    {
        var present = await ServiceReader.FindAsync(swarm, request.Name).ConfigureAwait(false);
        if (present is null && !mayCreate)
            throw ServiceErrors.ServiceNotFound(request.Name, swarm.SwarmId);
        var model =
            present is null && like is not null
                ? await ServiceReader.FindAsync(swarm, like).ConfigureAwait(false)
                    ?? throw ServiceErrors.ServiceNotFound(like, swarm.SwarmId)
                : null;
        if (present is null && model is null && request.Image is null)
            throw ServiceErrors.ImageMissing(request.Name);
        foreach (var file in ServiceRules.SharedFiles(request))
            context.WriteWarning(
                $"The service '{request.Name}' uses '{file}' as several files with different owners or modes. The engine stores it once for each task, so the last owner and mode apply to all of them. Use a separate secret or config for each file."
            );
        var login = await LoginAsync(request.Image ?? ImageOf((present ?? model)!.Spec)).ConfigureAwait(false);
        var references = await new ReferenceResolver(swarm, login) { SkipImage = options.SkipImage }
            .ResolveAsync(request)
            .ConfigureAwait(false);
        var wanted = present is null ? New(request, references, model) : ServiceSpec.Apply(present.Spec, request, references);
        var differences = present is null ? [] : SpecDifferences.List(present.Spec, wanted);
        foreach (var difference in differences)
            context.WriteVerbose($"{request.Name}: {difference}");
        var before = present is null
            ? []
            : (await ServiceReader.TasksAsync(swarm, [present.Id]).ConfigureAwait(false)).Select(task => task.Id).ToHashSet();
        // The registry credential of a service cannot be read back; an update that specifies one always sends it.
        var renewsLogin = login is not null && !mayCreate;
        if (renewsLogin)
            differences = [.. differences, $"the credential for {ImageName.Registry(ImageOf(wanted))}"];
        var changes = present is null || differences.Count > 0;
        var detour = await EdgeUpdate.FindAsync(context, swarm, present, wanted, options).ConfigureAwait(false);
        if (
            changes
            && !await context
                .ShouldProcessAsync(
                    $"swarm {swarm.SwarmId}",
                    Action(request.Name, present, wanted, differences) + (detour is null ? "" : $"; {detour.Words}")
                )
                .ConfigureAwait(false)
        )
            return null;
        if (!changes && detour?.IsUnfinished is true && !await detour.AgreesToReturnAsync().ConfigureAwait(false))
            detour = null;

        if (options.MountPaths is { } paths)
            await new MountPaths(swarm, paths, options.ThrottleLimit) { IsOn = options.MountNodes }
                .MakeAsync(request.Name, wanted)
                .ConfigureAwait(false);
        if (changes && detour is { IsNeeded: true })
            await detour.LeaveAsync().ConfigureAwait(false);
        var updater = new ServiceUpdater(swarm, login) { RenewsLogin = renewsLogin };
        var id = present?.Id ?? "";
        try
        {
            if (present is null)
                id = await updater.CreateAsync(wanted).ConfigureAwait(false);
            else if (changes)
                await updater.UpdateAsync(present.Id, now => ServiceSpec.Apply(now.Spec, request, references)).ConfigureAwait(false);
            if (options.NoWait)
                return await ServiceReader.FindAsync(swarm, id).ConfigureAwait(false);
            var convergence = new ServiceConvergence(swarm, options.Timeout)
            {
                Stable = changes ? options.Stable : options.Stable ?? TimeSpan.Zero,
                Known = before,
                AfterChange = changes,
            };
            var converged = (await convergence.WaitAsync(id).ConfigureAwait(false)).Service;
            if (detour is not null)
                await detour.ReturnAsync().ConfigureAwait(false);
            return converged;
        }
        catch (SwarmOpsException)
        {
            detour?.TellStaysOut();
            throw;
        }
    }

    /// <summary>The same, and writes it to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="ServiceErrors"/> and the transport.</exception>
    public async Task PutAsync(ServiceRequest request, string? like, bool mayCreate)
    {
        if (await BringAsync(request, like, mayCreate).ConfigureAwait(false) is not { } service)
            return;
        var tasks = ServiceReader.TasksAsync(swarm, [service.Id]);
        var networks =
            service.Networks.Count == 0
                ? new Dictionary<string, string>()
                : await ServiceReader.NetworkNamesAsync(swarm).ConfigureAwait(false);
        context.WriteObject(ServiceReader.Describe(swarm, service, await tasks.ConfigureAwait(false), networks));
    }

    private async Task<string?> LoginAsync(string image) =>
        options.Registry is { } registry ? await registry.HeaderAsync(image, context.CancellationToken).ConfigureAwait(false) : null;

    private static string ImageOf(JsonObject spec) => (string?)spec["TaskTemplate"]?["ContainerSpec"]?["Image"] ?? "";

    private static JsonObject New(ServiceRequest request, ResolvedReferences references, ServiceState? model)
    {
        if (model is null)
            return ServiceSpec.Create(request, references);
        var spec = model.Spec.DeepClone().AsObject();
        spec["Name"] = request.Name;
        return ServiceSpec.Apply(spec, request, references);
    }

    private static string Action(string name, ServiceState? present, JsonObject wanted, IReadOnlyList<string> differences) =>
        present is null
            ? $"Create the service '{name}' ({SpecMode.Of(wanted)}, image {ImageOf(wanted)})"
            : $"Update the service '{name}': {string.Join("; ", differences)}";
}
