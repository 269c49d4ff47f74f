using System.Text.Json.Nodes;
using SwarmOps.Services.Registry;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Transport;

namespace SwarmOps.Galera.Restart;

/// <summary>The change to apply with a restart, if any.</summary>
/// <param name="Image">The new image; null to keep the current one.</param>
/// <param name="Options">Server options by name; a null value removes one.</param>
internal sealed record RestartChange(string? Image, IReadOnlyDictionary<string, string?> Options)
{
    /// <summary>The source of the credential for the image's registry; null for none.</summary>
    public RegistryLogin? Registry { get; init; }

    /// <summary>Whether to skip looking up the image's digest in the registry.</summary>
    public bool SkipImage { get; init; }

    /// <summary>Whether anything is changed.</summary>
    public bool IsAny => Image is not null || Options.Count > 0;

    /// <summary>A service's specification with the change; without a change, its tasks are replaced.</summary>
    public JsonObject Apply(ServiceState service)
    {
        var spec = service.Spec.DeepClone().AsObject();
        var task = spec.Child("TaskTemplate");
        var container = task.Child("ContainerSpec");
        container.SetIf("Image", Image);
        if (Options.Count > 0)
        {
            var arguments = (container["Args"] as JsonArray ?? [])
                .Select(argument => (string?)argument ?? "")
                .Where(argument => !Options.Keys.Any(name => IsOf(argument, name)))
                .ToList();
            arguments.AddRange(
                Options
                    .Where(option => option.Value is not null)
                    .OrderBy(option => option.Key, StringComparer.Ordinal)
                    .Select(option => $"--{option.Key}={option.Value}")
            );
            // In the order of New-GaleraService, so that the same options make no difference.
            container["Args"] = new JsonArray([.. arguments.Order(StringComparer.Ordinal).Select(argument => (JsonNode)argument)]);
        }

        if (!IsAny)
            task["ForceUpdate"] = ((long?)task["ForceUpdate"] ?? 0) + 1;
        return spec;
    }

    /// <summary>Whether a service is already up to date.</summary>
    public bool IsIn(ServiceState service) => IsAny && SpecDifferences.List(service.Spec, Apply(service)).Count == 0;

    /// <summary>The change as text.</summary>
    public override string ToString()
    {
        var words = Options
            .OrderBy(option => option.Key, StringComparer.Ordinal)
            .Select(option => option.Value is null ? $"without {option.Key}" : $"{option.Key}={Shown(option.Key, option.Value)}")
            .ToList();
        if (Image is not null)
            words.Insert(0, $"image {Image}");
        return words.Count > 0 ? $" with {string.Join(", ", words)}" : "";
    }

    /// <summary>Server options are shown, except those with credentials, such as <c>wsrep-sst-auth</c>.</summary>
    private static string Shown(string name, string value) =>
        Masking.IsSecretName(name) || Masking.IsSecretValue(value) ? Masking.Mask : value;

    private static bool IsOf(string argument, string name) =>
        argument == $"--{name}" || argument.StartsWith($"--{name}=", StringComparison.Ordinal);
}
