using System.Text.Json.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Edge;

/// <summary>
/// Updates a region of an edge service with nobody sent there: out of DNS before the first task is replaced, back when other regions see the new ones healthy. If the update fails, the
/// region stays out, and the swarm keeps the mark by which the next run brings it back.
/// </summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="detour">What keeps clients away.</param>
/// <param name="service">Name of the service.</param>
/// <param name="isNeeded">Whether tasks are replaced.</param>
internal sealed class EdgeUpdate(IOperationContext context, IEdgeDetour detour, string service, bool isNeeded)
{
    private bool hasLeft;
    private bool hasConverged;

    /// <summary>The region.</summary>
    public string Region => detour.Region;

    /// <summary>Whether clients must be kept away.</summary>
    public bool IsNeeded => isNeeded;

    /// <summary>Whether an earlier run that was interrupted left something to do.</summary>
    public bool IsUnfinished => detour.IsUnfinished;

    /// <summary>What is done besides the update, in words.</summary>
    public string Words =>
        !isNeeded
            ? $"then bring the region '{detour.Region}' back into {detour.Zones}, from which an update that was interrupted took it"
            : $"before that take the region '{detour.Region}' out of {detour.Zones} and wait until resolvers have forgotten it, and bring it back when it is healthy";

    /// <summary>Finds out what an update needs.</summary>
    /// <param name="context">The calling cmdlet's context.</param>
    /// <param name="swarm">The swarm.</param>
    /// <param name="present">The service as it is; null when it does not exist.</param>
    /// <param name="wanted">Its specification as it is to be.</param>
    /// <param name="options">How services are deployed.</param>
    /// <returns>Null when there is nothing to do besides the update.</returns>
    /// <exception cref="SwarmOpsException">The errors of the DNS and the transport.</exception>
    public static async Task<EdgeUpdate?> FindAsync(
        IOperationContext context,
        SwarmSession swarm,
        ServiceState? present,
        JsonObject wanted,
        ServiceOptions options
    )
    {
        return present is null
            ? null
            : await FindAsync(context, swarm, present, ReplacesTasks(present.Spec, wanted), options).ConfigureAwait(false);
    }

    /// <summary>Finds out what a change needs that is known to replace tasks, or not to.</summary>
    /// <param name="context">The calling cmdlet's context.</param>
    /// <param name="swarm">The swarm.</param>
    /// <param name="present">The service as it is.</param>
    /// <param name="isNeeded">Whether tasks are replaced.</param>
    /// <param name="options">How services are deployed.</param>
    /// <returns>Null when there is nothing to do besides the change.</returns>
    /// <exception cref="SwarmOpsException">The errors of the DNS and the transport.</exception>
    public static async Task<EdgeUpdate?> FindAsync(
        IOperationContext context,
        SwarmSession swarm,
        ServiceState present,
        bool isNeeded,
        ServiceOptions options
    )
    {
        if (options.Traffic is not { } traffic || !present.Labels.ContainsKey(EdgeRules.NameLabel))
            return null;
        if (await traffic.FindAsync(context, swarm, present, options).ConfigureAwait(false) is not { } detour)
            return null;
        if (isNeeded && options.NoWait)
        {
            context.WriteWarning(
                $"'{present.Name}' is updated while clients are sent to the region '{detour.Region}': with -NoWait the region could not be brought back into DNS."
            );
            isNeeded = false;
        }

        if (isNeeded && !detour.IsPossible)
        {
            context.WriteWarning(
                $"'{present.Name}' is updated while clients are sent to the region '{detour.Region}': no other region is in {detour.Zones}."
            );
            isNeeded = false;
        }

        return isNeeded || (detour.IsUnfinished && !options.NoWait) ? new EdgeUpdate(context, detour, present.Name, isNeeded) : null;
    }

    /// <summary>Asks whether to bring back what an earlier run left out.</summary>
    public Task<bool> AgreesToReturnAsync() =>
        context.ShouldProcessAsync(
            $"service '{service}'",
            $"Bring the region '{detour.Region}' back into {detour.Zones}: an update that was interrupted left it out"
        );

    /// <summary>Takes the region out of DNS.</summary>
    /// <exception cref="SwarmOpsException">The region may still be answered; or no other healthy region is left.</exception>
    public async Task LeaveAsync()
    {
        context.WriteVerbose($"{service}: taking the region '{detour.Region}' out of {detour.Zones}");
        await detour.LeaveAsync().ConfigureAwait(false);
        hasLeft = true;
        context.WriteVerbose($"{service}: no client is sent to the region '{detour.Region}' any more; updating");
    }

    /// <summary>Brings the region back, when it is healthy.</summary>
    /// <exception cref="SwarmOpsException">It is not seen healthy in time.</exception>
    public async Task ReturnAsync()
    {
        hasConverged = true;
        context.WriteVerbose($"{service}: bringing the region '{detour.Region}' back into {detour.Zones}");
        await detour.ReturnAsync().ConfigureAwait(false);
    }

    /// <summary>Says that the region stays out, because its service did not converge.</summary>
    public void TellStaysOut()
    {
        // Once it has converged, the error itself says that the region stays out.
        if ((hasLeft || detour.IsUnfinished) && !hasConverged)
            context.WriteWarning(
                $"The region '{detour.Region}' stays out of {detour.Zones}, because '{service}' did not converge. The next update of the service brings it back when it is healthy."
            );
    }

    /// <summary>Labels and policies of a service change without a new task; whatever is in the tasks' template or the ports does not.</summary>
    private static bool ReplacesTasks(JsonObject current, JsonObject wanted)
    {
        var (before, after) = (KeptSpec.Of(current), KeptSpec.Of(wanted));
        return Differs(before, after, "TaskTemplate") || Differs(before, after, "EndpointSpec");
    }

    private static bool Differs(JsonNode? before, JsonNode? after, string part) =>
        before?[part]?.ToJsonString() != after?[part]?.ToJsonString();
}
