using System.Text.Json.Nodes;
using SwarmOps.Services.Registry;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Transport;

namespace SwarmOps.Galera.Restart;

/// <summary>What is changed with a restart; nothing when it is only a restart.</summary>
/// <param name="Image">Another image; null leaves it.</param>
/// <param name="Options">Server options by name; a null value takes one away.</param>
internal sealed record RestartChange(string? Image, IReadOnlyDictionary<string, string?> Options)
{
    /// <summary>Where the credential for the image's registry comes from; null for none.</summary>
    public RegistryLogin? Registry { get; init; }

    /// <summary>Whether the registry is not asked for the image's digest.</summary>
    public bool SkipImage { get; init; }

    /// <summary>Whether anything is changed.</summary>
    public bool IsAny => Image is not null || Options.Count > 0;

    /// <summary>The document of a service with the change in it, and with its tasks replaced where nothing is changed.</summary>
    public JsonObject Apply(ServiceState service)
    {
        var spec = service.Spec.DeepClone().AsObject();
        var task = spec.Child("TaskTemplate");
        var container = task.Child("ContainerSpec");
        container.SetIf("Image", Image);
        if (Options.Count > 0)
        {
            var arguments = (container["Args"] as JsonArray ?? []).Select(argument => (string?)argument ?? "").Where(argument => !Options.Keys.Any(name => IsOf(argument, name))).ToList();
            arguments.AddRange(Options.Where(option => option.Value is not null).OrderBy(option => option.Key, StringComparer.Ordinal).Select(option => $"--{option.Key}={option.Value}"));
            // The order in which New-GaleraService writes them: the same options are no change.
            container["Args"] = new JsonArray([.. arguments.Order(StringComparer.Ordinal).Select(argument => (JsonNode)argument)]);
        }

        if (!IsAny)
            task["ForceUpdate"] = ((long?)task["ForceUpdate"] ?? 0) + 1;
        return spec;
    }

    /// <summary>Whether a service is so already.</summary>
    public bool IsIn(ServiceState service) => IsAny && SpecDifferences.List(service.Spec, Apply(service)).Count == 0;

    /// <summary>In words.</summary>
    public override string ToString()
    {
        var words = Options.OrderBy(option => option.Key, StringComparer.Ordinal).Select(option => option.Value is null ? $"without {option.Key}" : $"{option.Key}={Shown(option.Key, option.Value)}").ToList();
        if (Image is not null)
            words.Insert(0, $"image {Image}");
        return words.Count > 0 ? $" with {string.Join(", ", words)}" : "";
    }

    /// <summary>Options of a server are settings, but for those that carry a credential, such as <c>wsrep-sst-auth</c>.</summary>
    private static string Shown(string name, string value) => Masking.IsSecretName(name) || Masking.IsSecretValue(value) ? Masking.Mask : value;

    private static bool IsOf(string argument, string name) => argument == $"--{name}" || argument.StartsWith($"--{name}=", StringComparison.Ordinal);
}
