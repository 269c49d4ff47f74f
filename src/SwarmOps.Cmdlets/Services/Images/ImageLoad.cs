using System.Text;
using Docker.DotNet;
using SwarmOps.Services.Registry;
using SwarmOps.Transport;

namespace SwarmOps.Services.Images;

/// <summary>Loads an image from an archive into one node's engine: first without the layers that it has, and as a whole if it does not take that.</summary>
/// <param name="target">The node.</param>
/// <param name="archive">The archive.</param>
/// <param name="image">The image in it.</param>
/// <param name="show">Takes the number of bytes sent so far, and of all.</param>
internal sealed class ImageLoad(ImageTarget target, ImageArchive archive, ArchivedImage image, Action<long, long> show)
{
    /// <summary>With more images than this, the layers that an engine has are not searched: each is a question.</summary>
    private const int MostImages = 200;

    /// <summary>An engine unpacks an archive before it makes layers of it.</summary>
    private const int SpaceFactor = 2;

    /// <summary>Bytes that were sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Layers that were sent.</summary>
    public int SentLayers { get; private set; }

    private SwarmNode Node => target.Node.Node;

    /// <summary>Loads and verifies it.</summary>
    /// <returns>Its id on the node.</returns>
    /// <exception cref="SwarmOpsException">Those of <see cref="ImageErrors"/> for a node, the transport's errors.</exception>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        if (image.Platform != target.Platform)
            throw ImageErrors.ImagePlatformDiffers(Node, image.Name, image.Platform, target.Platform);
        var canDivide = archive.IsDivisible && !target.Images.HasContainerdStore;
        var omitted = canDivide ? await PresentLayersAsync(cancellationToken).ConfigureAwait(false) : 0;
        var size = canDivide ? archive.SizeOf(image, omitted) : archive.Size;
        if (await target.Images.FreeBytesAsync(cancellationToken).ConfigureAwait(false) is { } free && free < size * SpaceFactor)
            throw ImageErrors.NodeSpaceTooSmall(Node, image.Name, size * SpaceFactor, free);
        var why = await SendAsync(canDivide, omitted, size, cancellationToken).ConfigureAwait(false);
        // A layer that was there may be gone; an engine may read what it does not need.
        if (why is not null && omitted > 0 && !IsDiskFull(why))
            why = await SendAsync(canDivide, 0, archive.SizeOf(image, 0), cancellationToken).ConfigureAwait(false);
        if (why is not null)
            throw IsDiskFull(why) ? ImageErrors.NodeDiskFull(Node, image.Name, why) : ImageErrors.ImageNotLoaded(Node, image.Name, why);
        return await VerifyAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether an engine's words are those of a full disk (Go, syscall: ENOSPC and EDQUOT).</summary>
    internal static bool IsDiskFull(string words) =>
        words.Contains("no space left on device", StringComparison.OrdinalIgnoreCase)
        || words.Contains("disk quota exceeded", StringComparison.OrdinalIgnoreCase);

    /// <summary>How many of the lowest layers the engine has: it has those of its images, each with all below it.</summary>
    private async Task<int> PresentLayersAsync(CancellationToken cancellationToken)
    {
        var most = 0;
        foreach (var other in (await target.Images.ListAsync(cancellationToken).ConfigureAwait(false)).Take(MostImages))
        {
            if (await target.Images.FactsAsync(other.Id, cancellationToken).ConfigureAwait(false) is { } facts)
                most = Math.Max(most, image.DiffIds.Zip(facts.DiffIds).TakeWhile(pair => pair.First == pair.Second).Count());
        }

        return most;
    }

    /// <summary>Sends it.</summary>
    /// <returns>Why the engine did not load it; null if it did.</returns>
    private async Task<string?> SendAsync(bool canDivide, int omitted, long size, CancellationToken cancellationToken)
    {
        var before = Sent;
        SentLayers = image.DiffIds.Count - omitted;
        using var content = PushedContent.Archive(
            (stream, token) => canDivide ? archive.WriteAsync(stream, image, omitted, token) : archive.WriteAsync(stream, token),
            count =>
            {
                Sent = before + count;
                show(count, size);
            }
        );
        try
        {
            return await target
                .Node.Connection.AskJsonAsync(
                    async api =>
                    {
                        using var response = await api.UploadAsync("/images/load?quiet=true", content, cancellationToken)
                            .ConfigureAwait(false);
                        using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                        using var reader = new StreamReader(stream, Encoding.UTF8);
                        return await NodeImage.FollowAsync(reader, static _ => { }, cancellationToken).ConfigureAwait(false);
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException api)
        {
            return TransportErrors.MessageOf(api);
        }
    }

    private async Task<string> VerifyAsync(CancellationToken cancellationToken)
    {
        var wanted = ImageFacts.Of(image);
        var id = "";
        foreach (var name in image.Tags.DefaultIfEmpty(image.Id))
        {
            var found = await target.Images.FactsAsync(name, cancellationToken).ConfigureAwait(false);
            if (!wanted.IsSame(found))
                throw ImageErrors.ImageCopyDiffers(Node, name, found is null ? "no image" : $"the image {found.Id}");
            id = found!.Id;
        }

        return id;
    }
}
