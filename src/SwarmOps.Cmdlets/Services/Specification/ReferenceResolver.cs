using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using SwarmOps.Services.Registry;
using SwarmOps.Services.Stored;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Services.Specification;

/// <summary>Resolves the names in a request to objects of the swarm; a missing object is an error before anything is changed.</summary>
/// <param name="swarm">The swarm.</param>
/// <param name="registryAuth">The credential for the image's registry, in the engine's format; null for none.</param>
internal sealed class ReferenceResolver(SwarmSession swarm, string? registryAuth)
{
    /// <summary>How long a registry may take. An engine that cannot reach the registry tries for up to 20 s.</summary>
    private static readonly TimeSpan RegistryLimit = TimeSpan.FromSeconds(30);

    /// <summary>The words of a registry that does not have an image (the distribution API's error codes, and the engine's for them).</summary>
    private static readonly string[] Absences = ["manifest unknown", "name unknown", "repository name not known", "no such manifest"];

    /// <summary>Whether to skip looking up the image's digest in the registry.</summary>
    public bool SkipImage { get; init; }

    /// <summary>The manager whose engine asks the registry; null for the session's first.</summary>
    public INodeConnection? Manager { get; init; }

    /// <summary>Called, in place of a warning, with the registry's words when it answers that it does not have the image, or not for everybody; null to warn.</summary>
    public Action<string>? OnMissingImage { get; init; }

    /// <summary>Called, in place of a warning, with the reason when no registry returned a digest; null to warn.</summary>
    public Action<string>? OnNoDigest { get; init; }

    /// <summary>Resolves all names of a request.</summary>
    /// <exception cref="SwarmOpsException"><c>NetworkNotFound</c>, <c>NetworkNotForServices</c>, <c>StoredNotFound</c>, <c>RegistryLoginRefused</c>, the transport's errors.</exception>
    public async Task<ResolvedReferences> ResolveAsync(ServiceRequest request)
    {
        var networks = NetworksAsync(request);
        var secrets = FilesAsync(StoredKind.Secret, request.Secrets);
        var configs = FilesAsync(StoredKind.Config, request.Configs);
        var image = ImageAsync(request.Image);
        await Task.WhenAll(networks, secrets, configs, image).ConfigureAwait(false);
        var (pinned, platforms) = await image.ConfigureAwait(false);
        var (attached, listed) = await networks.ConfigureAwait(false);
        return new ResolvedReferences
        {
            Networks = attached,
            ListedNetworks = listed,
            Secrets = await secrets.ConfigureAwait(false),
            Configs = await configs.ConfigureAwait(false),
            PinnedImage = pinned,
            Platforms = platforms,
        };
    }

    private async Task<(IReadOnlyDictionary<string, string> Attached, IReadOnlySet<string> Listed)> NetworksAsync(ServiceRequest request)
    {
        if (request.Networks is not { Count: > 0 } wanted)
            return (new Dictionary<string, string>(), new HashSet<string>());
        var all = await swarm.ReadNetworksAsync().ConfigureAwait(false);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var attachment in wanted)
        {
            var named = all.Where(network => network.Name == attachment.Name || network.ID == attachment.Name).ToList();
            var network =
                named.FirstOrDefault(IsForServices)
                ?? throw (
                    named.Count == 0
                        ? ServiceErrors.NetworkNotFound(attachment.Name, swarm.SwarmId)
                        : ServiceErrors.NetworkNotForServices(attachment.Name, named[0].Driver ?? "")
                );
            if (network.Ingress)
                throw ServiceErrors.NetworkIsIngress(attachment.Name);
            found[attachment.Name] = network.ID;
        }

        return (found, all.Select(network => network.ID).ToHashSet());
    }

    /// <summary>Networks of the swarm, and the <c>host</c> network, which exists on every node.</summary>
    private static bool IsForServices(NetworkResponse network) => network.Scope == "swarm" || network.Name == "host";

    private async Task<IReadOnlyDictionary<string, (string Id, string ObjectName)>> FilesAsync(
        StoredKind kind,
        IReadOnlyList<FileReference>? files
    )
    {
        var found = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        if (files is not { Count: > 0 })
            return found;
        var all = (await swarm.GetAsync(kind.Path).ConfigureAwait(false) as JsonArray ?? [])
            .OfType<JsonNode>()
            .Select(json => new StoredItem(kind, json))
            .ToList();
        foreach (var name in files.Select(file => file.Name).Distinct())
        {
            var item =
                StoredItems.Newest(all, name)
                ?? all.FirstOrDefault(candidate => candidate.ObjectName == name)
                ?? throw StoredErrors.StoredNotFound(kind, name, swarm.SwarmId);
            found[name] = (item.Id, item.ObjectName);
        }

        return found;
    }

    private async Task<(string? Pinned, JsonArray? Platforms)> ImageAsync(string? image)
    {
        if (image is null || SkipImage || ImageName.IsPinned(image))
            return (null, null);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(swarm.Context.CancellationToken);
        limit.CancelAfter(RegistryLimit);
        string why;
        try
        {
            var headers = registryAuth is null ? null : new Dictionary<string, string> { ["X-Registry-Auth"] = registryAuth };
            var answer = await (Manager ?? swarm.Manager)
                .AskJsonAsync(api => api.GetAsync($"/distribution/{image}/json", limit.Token, headers), limit.Token)
                .ConfigureAwait(false);
            if ((string?)answer["Descriptor"]?["digest"] is { Length: > 0 } digest)
                return ($"{image}@{digest}", Platforms(answer["Platforms"] as JsonArray ?? []));
            why = "it returned no digest";
        }
        catch (SwarmOpsException error) when (registryAuth is not null && IsRefusal(error, out var words))
        {
            throw ServiceErrors.RegistryLoginRefused(image, words);
        }
        catch (SwarmOpsException error)
        {
            why = error.InnerException is Docker.DotNet.DockerApiException api ? TransportErrors.MessageOf(api) : error.Message;
        }
        catch (OperationCanceledException) when (!swarm.Context.CancellationToken.IsCancellationRequested)
        {
            why = $"no answer within {RegistryLimit.TotalSeconds:0} s";
        }

        if (OnMissingImage is { } missing && IsAbsence(why))
            missing(why);
        else if (OnNoDigest is { } silent)
            silent(why);
        else
            swarm.Context.WriteWarning(
                $"The image '{image}' could not be pinned to its digest ({why}): each node uses the image that it finds under this name, and these may differ."
            );
        return (null, null);
    }

    /// <summary>Whether a registry answered that it does not have the image, or that it wants a credential, where there is none: some say so of what they do not have, too.</summary>
    private bool IsAbsence(string words) =>
        Absences.Any(word => words.Contains(word, StringComparison.OrdinalIgnoreCase))
        || (registryAuth is null && RegistryTest.IsRefusal(words));

    /// <summary>Whether the registry rejected the credential: the engine passes its message on, with varying status codes.</summary>
    private static bool IsRefusal(SwarmOpsException error, out string words)
    {
        words = error.InnerException is Docker.DotNet.DockerApiException api ? TransportErrors.MessageOf(api) : "";
        return RegistryTest.IsRefusal(words);
    }

    /// <summary>As in the docker CLI: a registry does not always report the ARM variant, so any ARM node may run the image.</summary>
    private static JsonArray? Platforms(JsonArray platforms)
    {
        var found = new JsonArray();
        foreach (var platform in platforms.OfType<JsonNode>())
        {
            var entry = new JsonObject();
            if (
                (string?)platform["architecture"] is { Length: > 0 } architecture
                && !architecture.StartsWith("arm", StringComparison.OrdinalIgnoreCase)
            )
                entry["Architecture"] = architecture;
            if ((string?)platform["os"] is { Length: > 0 } system)
                entry["OS"] = system;
            found.Add(entry);
        }

        return found.Count == 0 ? null : found;
    }
}
