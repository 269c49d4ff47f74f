using System.Text.Json.Nodes;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Images;

/// <summary>The images that a swarm needs: of its services, of its tasks, and of what each service would be rolled back to.</summary>
internal sealed class NeededImages
{
    private readonly HashSet<string> current = new(StringComparer.Ordinal);
    private readonly HashSet<string> previous = new(StringComparer.Ordinal);

    /// <summary>Reads them.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<NeededImages> ReadAsync(SwarmSession swarm)
    {
        var needed = new NeededImages();
        await swarm
            .ReadListAsync(
                "/services",
                json =>
                {
                    needed.AddService(json);
                    return ValueTask.CompletedTask;
                }
            )
            .ConfigureAwait(false);
        await ServiceReader
            .ReadTasksAsync(
                swarm,
                history: false,
                task =>
                {
                    needed.current.UnionWith(KeysOf(task.Image));
                    return ValueTask.CompletedTask;
                }
            )
            .ConfigureAwait(false);
        return needed;
    }

    /// <summary>Adds what a service needs.</summary>
    public void AddService(JsonNode service)
    {
        current.UnionWith(KeysOf(ImageOf(service["Spec"])));
        previous.UnionWith(KeysOf(ImageOf(service["PreviousSpec"])));
    }

    /// <summary>Whether a service or task uses it.</summary>
    public bool IsCurrent(EngineImage image) => Keys(image).Any(current.Contains);

    /// <summary>Whether a rollback of a service would use it.</summary>
    public bool IsPrevious(EngineImage image) => Keys(image).Any(previous.Contains);

    private static string ImageOf(JsonNode? spec) => (string?)spec?["TaskTemplate"]?["ContainerSpec"]?["Image"] ?? "";

    /// <summary>What looks like a name may be an id.</summary>
    private static IEnumerable<string> KeysOf(string image) => [KeyOf(image), image];

    /// <summary>A digest names one content, whatever name stands before it.</summary>
    private static string KeyOf(string image)
    {
        if (image.Split('@') is [_, .., var digest])
            return digest;
        try
        {
            return ImageName.Normalize(image);
        }
        catch (SwarmOpsException)
        {
            return image;
        }
    }

    private static IEnumerable<string> Keys(EngineImage image) =>
        image.Tags.Concat(image.Digests).Select(KeyOf).Append(image.Id).Append(image.Id.Split(':')[^1]);
}
