using System.Text.Json.Nodes;
using SwarmOps.Services.Specification;

namespace SwarmOps.Stacks.Planning;

/// <summary>A service's document with names in place of ids, so that it can be compared with one whose objects do not exist yet, and differences can be read.</summary>
internal static class NamedSpec
{
    /// <summary>A copy with names.</summary>
    /// <param name="spec">The document.</param>
    /// <param name="nameOf">The name of a network or config by its id; null if it is not known.</param>
    /// <param name="unlisted">The predefined network that an id stands for that no manager lists, such as <c>host</c>; null for none.</param>
    public static JsonObject Of(JsonObject spec, Func<string, string?> nameOf, string? unlisted)
    {
        var named = spec.DeepClone().AsObject();
        foreach (var holder in new[] { named["TaskTemplate"], named })
        {
            if (holder?["Networks"] is not JsonArray networks)
                continue;
            foreach (var network in networks.OfType<JsonObject>())
            {
                var id = (string?)network["Target"] ?? "";
                network["Target"] = nameOf(id) ?? unlisted ?? id;
            }

            holder["Networks"] = Sorted(networks, "Target");
        }

        if (named["TaskTemplate"]?["ContainerSpec"] is not JsonObject container)
            return named;
        foreach (var kind in new[] { "Secret", "Config" })
        {
            if (container[kind + "s"] is not JsonArray files)
                continue;
            foreach (var file in files.OfType<JsonObject>())
                file[kind + "ID"] = (string?)file[kind + "Name"];
            container[kind + "s"] = Sorted(files, kind + "Name");
        }

        // An engine mounts in the order of the paths, and docker stack deploy sorts by path when it merges several files.
        if (container["Mounts"] is JsonArray mounts)
            container["Mounts"] = Sorted(mounts, "Target");
        if (container["Privileges"]?["CredentialSpec"] is JsonObject credential && (string?)credential["Config"] is { Length: > 0 } config)
            credential["Config"] = nameOf(config) ?? config;
        // Which platforms an image has comes with its digest, and says nothing that the digest does not.
        (named["TaskTemplate"]?["Placement"] as JsonObject)?.Remove("Platforms");
        return named;
    }

    /// <summary>The document as it is sent: with ids in place of names.</summary>
    /// <param name="named">The document with names.</param>
    /// <param name="networks">Ids of networks by name; others keep their name, by which the engine finds them.</param>
    /// <param name="secrets">Ids of secrets by name.</param>
    /// <param name="configs">Ids of configs by name.</param>
    /// <param name="now">The service as it is; null if it does not exist. It keeps the number of its forced updates, as with docker stack deploy.</param>
    public static JsonObject WithIds(
        JsonObject named,
        IReadOnlyDictionary<string, string> networks,
        IReadOnlyDictionary<string, string> secrets,
        IReadOnlyDictionary<string, string> configs,
        JsonObject? now
    )
    {
        var spec = named.DeepClone().AsObject();
        var task = spec.Child("TaskTemplate");
        var container = task.Child("ContainerSpec");
        foreach (var network in (task["Networks"] as JsonArray ?? []).OfType<JsonObject>())
            network["Target"] = networks.GetValueOrDefault((string)network["Target"]!, (string)network["Target"]!);
        Identify(container, "Secret", secrets);
        Identify(container, "Config", configs);
        if (container["Privileges"]?["CredentialSpec"] is JsonObject credential && (string?)credential["Config"] is { Length: > 0 } config)
            credential["Config"] = configs[config];
        if (now?["TaskTemplate"]?["ForceUpdate"] is { } forced)
            task["ForceUpdate"] = forced.DeepClone();
        return spec;
    }

    private static void Identify(JsonObject container, string kind, IReadOnlyDictionary<string, string> ids)
    {
        foreach (var file in (container[kind + "s"] as JsonArray ?? []).OfType<JsonObject>())
            file[kind + "ID"] = ids[(string)file[kind + "Name"]!];
    }

    private static JsonArray Sorted(JsonArray list, string key) =>
        new([
            .. list.OfType<JsonObject>()
                .OrderBy(item => (string?)item[key], StringComparer.Ordinal)
                .ThenBy(item => (string?)item["File"]?["Name"], StringComparer.Ordinal)
                .Select(item => item.DeepClone()),
        ]);
}
