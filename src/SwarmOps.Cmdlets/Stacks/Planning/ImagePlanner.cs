using System.Text.Json.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Registry;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Stacks.Model;
using SwarmOps.Stacks.Specification;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Stacks.Planning;

/// <summary>An image as the registry knows it.</summary>
/// <param name="Name">The name with a tag.</param>
/// <param name="Pinned">The name with its digest; null if no registry returned one.</param>
/// <param name="Platforms">The platforms that it exists for.</param>
/// <param name="Login">The credential, in the engine's format; null for none.</param>
internal sealed record PlannedImage(string Name, string? Pinned, JsonArray? Platforms, string? Login)
{
    /// <summary>The words of the registry that does not have it, or not without a credential; null if it has it, or could not be asked.</summary>
    public string? Missing { get; init; }
}

/// <summary>Asks the registries for the digests of a stack's images, each image once, with the credential that the nodes will use.</summary>
internal sealed class ImagePlanner(IOperationContext context, SwarmSession swarm, ServiceOptions options, StackFacts facts)
{
    /// <summary>How many questions a manager gets at the same time: what one SSH connection carries.</summary>
    private const int MostAtATime = 4;

    /// <summary>More managers do not make registries faster.</summary>
    private const int MostManagers = 4;

    /// <summary>The images by their names in the files.</summary>
    /// <exception cref="SwarmOpsException"><c>StackRegistriesSeveral</c>, <c>RegistryLoginRefused</c>, the transport's errors.</exception>
    public async Task<IReadOnlyDictionary<string, PlannedImage>> PlanAsync(StackDefinition stack)
    {
        var images = stack.Services.Select(service => service.Image).Distinct().ToList();
        var logins = new StackLogins(options.Registry, images.Concat(PartPlanner.ImagesOf(stack)));
        var managers = swarm.Managers.Take(MostManagers).ToList();
        var planned = await Throttle
            .ForEachAsync(
                images.Select(
                    (image, index) => (Name: image, Manager: managers.Count == 0 ? swarm.Manager : managers[index % managers.Count])
                ),
                MostAtATime * Math.Max(1, managers.Count),
                image => PlanAsync(image.Name, image.Manager, logins),
                context.CancellationToken
            )
            .ConfigureAwait(false);
        return images.Zip(planned).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
    }

    /// <summary>Reports an image that no node could pull. A service that has it already keeps its digest, which nodes have.</summary>
    public static void Check(PlannedImage image, ServiceStep step, StackFindings findings)
    {
        if (image.Missing is { } words && step.Present?.Labels.GetValueOrDefault(StackNames.ImageLabel) != step.Service.Image)
            findings.Add(
                RegistryTest.IsRefusal(words)
                    ? $"the registry does not show the image '{image.Name}' of '{step.Name}' without a credential ({words.TrimEnd('.')})"
                    : $"the registry does not have the image '{image.Name}' of '{step.Name}' ({words.TrimEnd('.')})",
                RegistryTest.IsRefusal(words)
                    ? "Specify -RegistryCredential or -DockerConfigPath, or correct the image's name; -NoResolveImage deploys what the nodes have under this name."
                    : "Push it, or correct its name; -NoResolveImage deploys what the nodes have under this name."
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

    private async Task<PlannedImage> PlanAsync(string image, INodeConnection manager, StackLogins logins)
    {
        var name = ImageName.Normalize(image);
        var login = await logins.HeaderAsync(name, context.CancellationToken).ConfigureAwait(false);
        if (facts.Image(name, login) is { } known)
            return known;
        var (planned, silence) = await AskAsync(name, login, manager, warns: ReferenceEquals(manager, swarm.Manager)).ConfigureAwait(false);
        if (silence is not null)
        {
            // One manager may not reach a registry that another reaches.
            context.WriteVerbose($"{manager.Node.Name}: no digest of '{name}' ({silence}); asking {swarm.Manager.Node.Name}");
            (planned, _) = await AskAsync(name, login, swarm.Manager, warns: true).ConfigureAwait(false);
        }

        facts.Keep(planned);
        return planned;
    }

    private async Task<(PlannedImage Image, string? Silence)> AskAsync(string name, string? login, INodeConnection manager, bool warns)
    {
        string? missing = null;
        string? silence = null;
        var found = await new ReferenceResolver(swarm, login)
        {
            SkipImage = options.SkipImage,
            Manager = manager,
            OnMissingImage = words => missing = words,
            OnNoDigest = warns ? null : words => silence = words,
        }
            .ResolveAsync(new ServiceRequest { Name = name, Image = name })
            .ConfigureAwait(false);
        return (new PlannedImage(name, found.PinnedImage, found.Platforms, login) { Missing = missing }, silence);
    }
}
