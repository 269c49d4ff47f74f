using System.Collections.Concurrent;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Services.Images;

/// <summary>Copies images to the nodes that lack them, from an archive or from a node, through this machine and without a registry. Needs no swarm.</summary>
internal sealed class CopyImageOperation(IOperationContext context, CopyImageRequest request)
{
    private const string Activity = "Copying images";

    private const long ShownStep = 1_000_000;

    private readonly ConcurrentDictionary<string, long> shown = new(StringComparer.Ordinal);
    private IReadOnlyList<NodeObservation> nodes = [];

    /// <summary>Runs the operation; writes what each node has.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="ImageErrors"/> for images and archives, the transport's errors.</exception>
    public async Task RunAsync()
    {
        var names = request.Images.Select(Name).ToList();
        foreach (var left in TemporaryArchive.RemoveLeft())
            context.WriteVerbose($"Removed {left}, which a run that was killed had left in {TemporaryFile.Folder}");
        var reports = await NodeReport.TakeAsync(context, request.Nodes, request.ThrottleLimit).ConfigureAwait(false);
        foreach (var silent in reports.Where(report => report.Failure is not null))
            context.WriteError(silent.Failure!);
        nodes = [.. reports.Select(report => report.Observation).OfType<NodeObservation>()];
        if (request.Path is not null)
            await CopyArchiveAsync(request.Path).ConfigureAwait(false);
        foreach (var name in names)
        {
            try
            {
                await CopyFromNodeAsync(name).ConfigureAwait(false);
            }
            catch (SwarmOpsException error)
            {
                context.WriteError(error);
            }
        }
    }

    private static string Name(string image) =>
        ImageName.IsPinned(image) ? throw ImageErrors.ImageNameHasDigest(image) : ImageName.Normalize(image);

    private async Task CopyArchiveAsync(string path)
    {
        context.WriteProgress(new OperationProgress(0, Activity, $"Checking {path}"));
        using var expanded = await ExpandAsync(path).ConfigureAwait(false);
        var archive = await ImageArchive.ReadAsync(expanded?.Path ?? path, $"'{path}'", context.CancellationToken).ConfigureAwait(false);
        foreach (var image in archive.Images)
        {
            var facts = ImageFacts.Of(image);
            var targets = await TargetsAsync(image, facts).ConfigureAwait(false);
            var confirmed = await AskAsync(image.Name, facts, archive.SizeOf(image, 0), targets).ConfigureAwait(false);
            await SendAsync(archive, image, confirmed).ConfigureAwait(false);
        }
    }

    private async Task<TemporaryArchive?> ExpandAsync(string path)
    {
        try
        {
            return await TemporaryArchive.ExpandAsync(path, context.CancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw ImageErrors.ImageArchiveNotFound(path, exception.Message);
        }
    }

    private async Task CopyFromNodeAsync(string name)
    {
        var all = await LookAsync(name, nodes).ConfigureAwait(false);
        var source = Source(name, all);
        var targets = Chosen(all)
            .Where(target => target != source)
            .Select(target => ImageTarget.Of([(name, target)], source.Present!))
            .ToList();
        var confirmed = await AskAsync(name, source.Present!, source.Present!.Size, targets).ConfigureAwait(false);
        if (confirmed.Count == 0)
            return;
        if (TemporaryFile.FreeBytes() is { } free && free < source.Present.Size)
            throw ImageErrors.TemporarySpaceTooSmall(TemporaryFile.Folder, name, source.Present.Size, free);
        using var file = await TemporaryArchive.MakeAsync(target => SaveAsync(source, name, target)).ConfigureAwait(false);
        var origin = $"'{name}' from '{source.Node.Node.Name}'";
        var archive = await ImageArchive.ReadAsync(file.Path, origin, context.CancellationToken).ConfigureAwait(false);
        var image =
            archive.Images.FirstOrDefault(image => source.Present.IsSame(ImageFacts.Of(image)))
            ?? throw ImageErrors.ImageArchiveInvalid(origin, "it holds another image: the name was given to another one in the meantime");
        await SendAsync(archive, image, confirmed).ConfigureAwait(false);
    }

    private ImageTarget Source(string name, IReadOnlyList<ImageTarget> all)
    {
        if (request.From is { } from)
        {
            var named =
                all.FirstOrDefault(target => string.Equals(target.Node.Node.Name, from, StringComparison.OrdinalIgnoreCase))
                ?? throw SwarmErrors.NodeNotInSet(from, request.Nodes);
            return named.Present is null ? throw ImageErrors.ImageNotOnSource(name, from) : named;
        }

        var having = all.Where(target => target.Present is not null).ToList();
        if (having is not [var first, .. var others])
            throw ImageErrors.ImageNowhere(name);
        return others.All(other => first.Present!.IsSame(other.Present))
            ? first
            : throw ImageErrors.ImagesDiffer(name, having.Select(target => $"'{target.Node.Node.Name}' has {target.Present!.Id}"));
    }

    /// <summary>The nodes that were chosen, as they are by all names that the archive has for an image.</summary>
    private async Task<IReadOnlyList<ImageTarget>> TargetsAsync(ArchivedImage image, ImageFacts wanted)
    {
        IReadOnlyList<ImageTarget> chosen = [.. Chosen(await LookAsync(image.Name, nodes).ConfigureAwait(false))];
        var looks = chosen.Select(target => (image.Name, Target: target)).ToList();
        foreach (var name in image.Tags.Skip(1))
            looks.AddRange(
                (await LookAsync(name, [.. chosen.Select(target => target.Node)]).ConfigureAwait(false)).Select(seen => (name, seen))
            );
        // A node that failed meanwhile was reported, and has not all looks.
        return
        [
            .. looks
                .GroupBy(look => look.Target.Node)
                .Where(node => node.Count() == Math.Max(1, image.Tags.Count))
                .Select(node => ImageTarget.Of([.. node], wanted)),
        ];
    }

    private IEnumerable<ImageTarget> Chosen(IReadOnlyList<ImageTarget> all) =>
        request.Targets.Choose(context, all, target => target.Node.Node.Name, name => SwarmErrors.NodeNotInSet(name, request.Nodes));

    private Task<IReadOnlyList<ImageTarget>> LookAsync(string name, IReadOnlyList<NodeObservation> at) =>
        NodeSet.ForEachAsync(
            context,
            [.. at.Select(node => node.Node)],
            request.ThrottleLimit,
            async given =>
            {
                var node = at.First(observation => ReferenceEquals(observation.Node, given));
                var images = new NodeImages(node);
                return new ImageTarget(node, images, await images.FactsAsync(name, context.CancellationToken).ConfigureAwait(false));
            }
        );

    /// <summary>The nodes that lack the image and are to have it. What the others have is written.</summary>
    private async Task<IReadOnlyList<ImageTarget>> AskAsync(string name, ImageFacts wanted, long size, IEnumerable<ImageTarget> targets)
    {
        var confirmed = new List<ImageTarget>();
        foreach (var target in targets)
        {
            if (wanted.IsSame(target.Present))
            {
                Report(target, name, wanted.DiffIds.Count, target.Present!.Id, null);
                continue;
            }

            var words =
                $"Load the image '{name}' ({EngineImage.Megabytes(size)})"
                + (
                    target.Taken.Count == 0
                        ? ""
                        : $": the image that is called '{string.Join("', '", target.Taken)}' there keeps its content and loses the name"
                );
            if (await context.ShouldProcessAsync(target.Node.Node.ToString(), words).ConfigureAwait(false))
                confirmed.Add(target);
        }

        return confirmed;
    }

    private Task SaveAsync(ImageTarget source, string name, Stream target) =>
        source.Node.Connection.AskJsonAsync(
            async api =>
            {
                using var response = await api.OpenAsync($"/images/{name}/get", context.CancellationToken, kind: EngineStreamKind.Bulk)
                    .ConfigureAwait(false);
                using var stream = await response.Content.ReadAsStreamAsync(context.CancellationToken).ConfigureAwait(false);
                var counted = new CountedStream(
                    target,
                    count => Show($"Reading '{name}' from '{source.Node.Node.Name}'", count, source.Present!.Size)
                );
                await using var _ = counted.ConfigureAwait(false);
                await stream.CopyToAsync(counted, context.CancellationToken).ConfigureAwait(false);
                return true;
            },
            context.CancellationToken
        );

    private Task SendAsync(ImageArchive archive, ArchivedImage image, IReadOnlyList<ImageTarget> targets) =>
        NodeSet.ForEachAsync(
            context,
            [.. targets.Select(target => target.Node.Node)],
            request.ThrottleLimit,
            async node =>
            {
                var target = targets.First(one => ReferenceEquals(one.Node.Node, node));
                var load = new ImageLoad(
                    target,
                    archive,
                    image,
                    (done, all) => Show($"Sending '{image.Name}' to '{node.Name}'", done, all)
                );
                var id = await load.RunAsync(context.CancellationToken).ConfigureAwait(false);
                Report(target, image.Name, image.DiffIds.Count, id, load);
                return true;
            }
        );

    private void Report(ImageTarget target, string name, int layers, string id, ImageLoad? load) =>
        context.WriteObject(
            new SwarmImageCopy
            {
                Node = target.Node.Node.Name,
                Region = target.Node.Node.Region,
                Image = name,
                ImageId = id,
                IsCopied = load is not null,
                SentBytes = load?.Sent ?? 0,
                SentLayerCount = load?.SentLayers ?? 0,
                LayerCount = layers,
            }
        );

    /// <summary>Every megabyte is enough: each record waits for the pipeline thread.</summary>
    private void Show(string step, long done, long all)
    {
        if (shown.TryGetValue(step, out var before) && done - before < ShownStep)
            return;
        shown[step] = done;
        context.WriteProgress(
            new OperationProgress(
                0,
                Activity,
                $"{step}: {EngineImage.Megabytes(done)} of {EngineImage.Megabytes(all)}",
                all > 0 ? (int)Math.Min(100, done * 100 / all) : -1
            )
        );
    }
}
