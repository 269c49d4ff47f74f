using System.Text.Json.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Stacks.Model;
using SwarmOps.Stacks.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Stacks.Planning;

/// <summary>An image as the registry knows it.</summary>
/// <param name="Name">The name with a tag.</param>
/// <param name="Pinned">The name with its digest; null if no registry returned one.</param>
/// <param name="Platforms">The platforms that it exists for.</param>
/// <param name="Login">The credential, in the engine's format; null for none.</param>
internal sealed record PlannedImage(string Name, string? Pinned, JsonArray? Platforms, string? Login)
{
    /// <summary>The words of the registry that does not have it; null if it has it, or could not be asked.</summary>
    public string? Missing { get; init; }
}

/// <summary>Asks the registries for the digests of a stack's images, each image once, with the credential that the nodes will use.</summary>
internal sealed class ImagePlanner(IOperationContext context, SwarmSession swarm, ServiceOptions options)
{
    /// <summary>How many registries are asked at the same time.</summary>
    private const int MostAtATime = 8;

    /// <summary>The images by their names in the files.</summary>
    /// <exception cref="SwarmOpsException"><c>StackRegistriesSeveral</c>, <c>RegistryLoginRefused</c>, the transport's errors.</exception>
    public async Task<IReadOnlyDictionary<string, PlannedImage>> PlanAsync(StackDefinition stack)
    {
        var images = stack.Services.Select(service => service.Image).Distinct().ToList();
        var logins = new StackLogins(options.Registry, images.Concat(PartPlanner.ImagesOf(stack)));
        var planned = await Throttle
            .ForEachAsync(images, MostAtATime, image => PlanAsync(image, logins), context.CancellationToken)
            .ConfigureAwait(false);
        return images.Zip(planned).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
    }

    /// <summary>Reports an image that no node could pull. A service that has it already keeps its digest, which nodes have.</summary>
    public static void Check(PlannedImage image, ServiceStep step, StackFindings findings)
    {
        if (image.Missing is { } words && step.Present?.Labels.GetValueOrDefault(StackNames.ImageLabel) != step.Service.Image)
            findings.Add(
                $"the registry does not have the image '{image.Name}' of '{step.Name}' ({words.TrimEnd('.')})",
                "Push it, or correct its name; -NoResolveImage deploys what the nodes have under this name."
            );
    }

    /// <summary>Writes an image into a service's document. What no registry knows now stays what it was pinned to before: as with docker stack deploy, if the file has the same name.</summary>
    public static void Apply(JsonObject spec, PlannedImage image, StackService service, ServiceState? present)
    {
        var task = spec.Child("TaskTemplate");
        var isKept =
            image.Pinned is null && present is not null && present.Labels.GetValueOrDefault(StackNames.ImageLabel) == service.Image;
        task.Child("ContainerSpec")["Image"] = isKept ? present!.Image : image.Pinned ?? image.Name;
        var platforms = isKept ? present!.Template?["Placement"]?["Platforms"] : image.Platforms;
        if (platforms is not null)
            task.Child("Placement")["Platforms"] = platforms.DeepClone();
    }

    private async Task<PlannedImage> PlanAsync(string image, StackLogins logins)
    {
        var name = ImageName.Normalize(image);
        var login = await logins.HeaderAsync(name, context.CancellationToken).ConfigureAwait(false);
        string? missing = null;
        var found = await new ReferenceResolver(swarm, login) { SkipImage = options.SkipImage, OnMissingImage = words => missing = words }
            .ResolveAsync(new ServiceRequest { Name = name, Image = name })
            .ConfigureAwait(false);
        return new PlannedImage(name, found.PinnedImage, found.Platforms, login) { Missing = missing };
    }
}
