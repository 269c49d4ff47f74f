using System.Text.Json.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Registry;

/// <summary>
/// Gives services a new login for their registry. The swarm keeps it with the service, for tasks that start later; tasks that run are not replaced, since swarmkit does not compare
/// logins (measured on engine 28.5).
/// </summary>
internal sealed class UpdateCredentialOperation(IOperationContext context, UpdateCredentialRequest request)
{
    /// <summary>An update that is under way would begin anew.</summary>
    private static readonly string[] Busy = ["updating", "rollback_started"];

    /// <summary>Runs the operation; writes each service whose login was renewed.</summary>
    /// <exception cref="SwarmOpsException"><c>RegistriesSeveral</c>, the transport's errors.</exception>
    public async Task RunAsync()
    {
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.ThrottleLimit, ServiceReader.Patience)
            .ConfigureAwait(false);
        var all = await ReadAsync(swarm).ConfigureAwait(false);
        var chosen = request
            .Services.Choose(context, all, service => service.State.Name, name => ServiceErrors.ServiceNotFound(name, swarm.SwarmId))
            .Where(service => request.Registries.Count == 0 || request.Registries.Any(name => name.Matches(Registry(service.State))))
            .GroupBy(service => Registry(service.State), StringComparer.Ordinal)
            .OrderBy(registry => registry.Key, StringComparer.Ordinal)
            .ToList();
        if (request.IsOneLogin && chosen.Count > 1)
            throw ServiceErrors.RegistriesSeveral([.. chosen.Select(registry => registry.Key)]);
        foreach (var registry in chosen)
        {
            try
            {
                await RenewAsync(swarm, registry.Key, [.. registry]).ConfigureAwait(false);
            }
            catch (SwarmOpsException error)
            {
                context.WriteError(error);
            }
        }
    }

    private static async Task<List<(ServiceState State, bool LosesRollback)>> ReadAsync(SwarmSession swarm)
    {
        var services = new List<(ServiceState, bool)>();
        await swarm
            .ReadListAsync(
                "/services?status=true",
                json =>
                {
                    services.Add(
                        (new ServiceState(json), json["PreviousSpec"] is { } previous && !JsonNode.DeepEquals(previous, json["Spec"]))
                    );
                    return ValueTask.CompletedTask;
                }
            )
            .ConfigureAwait(false);
        return services;
    }

    private static string Registry(ServiceState service) => ImageName.RegistryName(service.Image);

    /// <summary>One login for all services of a registry: it is tried before any of them is changed.</summary>
    private async Task RenewAsync(SwarmSession swarm, string registry, IReadOnlyList<(ServiceState State, bool LosesRollback)> services)
    {
        var first = services[0].State.Image;
        if (await request.FindAsync(first, context.CancellationToken).ConfigureAwait(false) is not { } login)
        {
            context.WriteVerbose(
                $"There is no login for {registry}: {string.Join(", ", services.Select(service => service.State.Name))} left alone."
            );
            return;
        }

        await new RegistryTest(swarm).CheckAsync(first, login.Header).ConfigureAwait(false);
        foreach (var (service, losesRollback) in services.OrderBy(service => service.State.Name, StringComparer.Ordinal))
        {
            try
            {
                await RenewAsync(swarm, registry, service, losesRollback, login).ConfigureAwait(false);
            }
            catch (SwarmOpsException error)
            {
                context.WriteError(error);
            }
        }
    }

    private async Task RenewAsync(SwarmSession swarm, string registry, ServiceState service, bool losesRollback, RenewedLogin login)
    {
        if (service.IsJob)
        {
            context.WriteWarning($"The job '{service.Name}' keeps its login, because an update would run the job again.");
            return;
        }

        if (Busy.Contains(service.UpdateState))
            throw ServiceErrors.ServiceUpdating(service.Name, service.UpdateState!);
        var words =
            $"Renew the login of the service '{service.Name}' for {registry}: its tasks keep running"
            + (losesRollback ? "; the specification before its last update is lost, so that a rollback changes nothing" : "");
        if (!await context.ShouldProcessAsync($"swarm {swarm.SwarmId}", words).ConfigureAwait(false))
            return;
        var before = await RunningAsync(swarm, service).ConfigureAwait(false);
        var updater = new ServiceUpdater(swarm, login.Header) { RenewsLogin = true };
        // A service that has another registry by now must not get this login.
        if (!await updater.UpdateAsync(service.Id, now => Registry(now) == registry ? now.Spec : null).ConfigureAwait(false))
            throw ServiceErrors.ServiceChangedMeanwhile(service.Name);
        if ((await RunningAsync(swarm, service).ConfigureAwait(false)).Count < before.Count)
            context.WriteWarning(
                $"Tasks of the service '{service.Name}' ended while its login was renewed; see Get-SwarmTask -Service {service.Name} -All."
            );
        context.WriteObject(
            new SwarmRegistryCredential
            {
                Service = service.Name,
                ServiceId = service.Id,
                SwarmId = swarm.SwarmId,
                Registry = registry,
                Image = service.Image,
                ExpiresAt = login.ExpiresAt,
            }
        );
    }

    private static async Task<IReadOnlyList<string>> RunningAsync(SwarmSession swarm, ServiceState service) =>
        [
            .. (await ServiceReader.TasksAsync(swarm, [service.Id]).ConfigureAwait(false))
                .Where(task => task is { IsWanted: true, IsRunning: true })
                .Select(task => task.Id),
        ];
}
