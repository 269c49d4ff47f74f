using System.Globalization;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Images;

/// <summary>
/// Removes unused images on the nodes. Docker's own prune looks at one engine: it removes what a service would be rolled back to, and what was only built or loaded there.
/// </summary>
internal sealed class ClearImageOperation(IOperationContext context, ClearImageRequest request)
{
    /// <summary>Runs the operation; writes what was done on each node.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task RunAsync()
    {
        var swarm = await SwarmSession
            .FindAsync(context, request.Nodes, request.ThrottleLimit, ServiceReader.Patience)
            .ConfigureAwait(false);
        swarm.ReportSilent();
        // An image is unused only where all services are known: an error here ends the run.
        var needed = await NeededImages.ReadAsync(swarm).ConfigureAwait(false);
        var plans = await NodeSet
            .ForEachAsync(
                context,
                [.. swarm.Observations.Select(node => node.Node)],
                request.ThrottleLimit,
                node => PlanAsync(swarm, needed, node)
            )
            .ConfigureAwait(false);
        var confirmed = new List<ClearImagePlan>();
        foreach (var plan in plans)
        {
            if (
                plan.Removable.Count == 0
                || await context.ShouldProcessAsync(swarm.Describe(plan.Node).ToString(), plan.Words()).ConfigureAwait(false)
            )
                confirmed.Add(plan);
        }

        await Throttle
            .ForEachAsync(confirmed, request.ThrottleLimit, plan => ClearAsync(swarm, plan), context.CancellationToken)
            .ConfigureAwait(false);
    }

    private async Task<ClearImagePlan> PlanAsync(SwarmSession swarm, NeededImages needed, SwarmNode given)
    {
        var node = swarm.Observations.First(observation => ReferenceEquals(observation.Node, given));
        if (swarm.View.Find(node.NodeId) is null)
            throw SwarmErrors.NodeNotInSwarm(given, swarm.SwarmId);
        var images = new NodeImages(node);
        // Containers first: one that is made in between has an image that is still counted as unused, and the engine then refuses to remove it.
        var inUse = await images.InUseAsync(context.CancellationToken).ConfigureAwait(false);
        var all = await images.ListAsync(context.CancellationToken).ConfigureAwait(false);
        var unused = all.Where(image => !inUse.Contains(image.Id) && !needed.IsCurrent(image)).ToList();
        var removable = new List<EngineImage>();
        var latest = NowAt(node) - request.OlderThan;
        foreach (var image in unused.Where(image => !needed.IsPrevious(image) && image.CreatedAt <= latest))
        {
            if (
                Requested(image) is { } part
                && await images.InspectAsync(image.Id, context.CancellationToken).ConfigureAwait(false) is { } details
                && NodeImages.ArrivedAt(image, details) <= latest
                && (request.IncludeLocal || !images.IsLocal(image, details))
            )
                removable.Add(part);
        }

        var free = await images.FreeBytesAsync(context.CancellationToken).ConfigureAwait(false);
        context.WriteVerbose($"{given.Name}: {all.Count} images, {unused.Count} unused, {removable.Count} to be removed");
        return new ClearImagePlan(
            node,
            images,
            removable,
            all.Count,
            [.. unused.Where(needed.IsPrevious).Select(image => image.Name)],
            free
        );
    }

    private EngineImage? Requested(EngineImage image) =>
        request.Excluded.Any(name => image.Tags.Concat(image.Digests).Append(image.Name).Any(name.Matches)) ? null
        : request.Images.Count == 0 ? image
        : image.Requested(name => request.Images.Any(filter => filter.Matches(name)));

    /// <summary>The node's own time: the ages of its images are by its clock.</summary>
    private static DateTime NowAt(NodeObservation node) =>
        DateTimeOffset.TryParse(node.Info.SystemTime, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.UtcDateTime
            : DateTime.UtcNow;

    private async Task<bool> ClearAsync(SwarmSession swarm, ClearImagePlan plan)
    {
        var removed = new List<string>();
        var gone = 0;
        try
        {
            foreach (var image in plan.Removable)
            {
                Show(plan, removed.Count);
                if (await plan.Images.RemoveAsync(image, context.CancellationToken).ConfigureAwait(false) is { } why)
                    context.WriteVerbose($"{plan.Node.Node.Name}: '{image.Name}' was kept: {why}");
                else if (image.OtherTags.Count > 0)
                    removed.AddRange(image.Tags);
                else
                {
                    removed.Add(image.Name);
                    gone++;
                }
            }
        }
        catch (SwarmOpsException error)
        {
            context.WriteError(error);
        }

        var free = removed.Count == 0 ? plan.FreeBytes : await plan.Images.FreeBytesAsync(context.CancellationToken).ConfigureAwait(false);
        context.WriteObject(
            new SwarmImageCleanup
            {
                Node = plan.Node.Node.Name,
                Region = swarm.Place(plan.Node.NodeId)?.Region,
                RemovedImages = removed,
                KeptCount = plan.All - gone,
                RollbackImages = plan.Rollback,
                FreeBytesBefore = plan.FreeBytes,
                FreeBytesAfter = free,
            }
        );
        return true;
    }

    private void Show(ClearImagePlan plan, int done) =>
        context.WriteProgress(
            new OperationProgress(0, "Removing unused images", $"{plan.Node.Node.Name}: {done} of {plan.Removable.Count} images removed")
        );
}
