using System.Text.Json.Nodes;

namespace SwarmOps.Services.Specification;

/// <summary>The container of a service's tasks in the engine's document.</summary>
internal static class SpecContainer
{
    public static void Apply(JsonObject container, ServiceRequest request, ResolvedReferences references)
    {
        if (request.Image is { } image)
            container["Image"] = references.PinnedImage ?? StillPinned(container, image) ?? image;
        container.SetIf("Command", request.Command);
        container.SetIf("Args", request.Arguments);
        container.SetIf("User", request.User);
        container.SetIf("Groups", request.Groups);
        container.SetIf("Dir", request.WorkingDirectory);
        container.SetIf("Hostname", request.Hostname);
        container.SetIf("StopGracePeriod", request.StopGracePeriod?.Nanoseconds());
        container.SetIf("StopSignal", request.StopSignal);
        container.SetIf("Init", request.Init);
        container.SetIf("ReadOnly", request.ReadOnly);
        container.SetIf("TTY", request.Tty);
        container.SetIf("Hosts", request.Hosts);
        container.SetIf("CapabilityAdd", request.CapabilityAdd);
        container.SetIf("CapabilityDrop", request.CapabilityDrop);
        container.SetTable("Labels", request.ContainerLabels, request.KeepsOthers);
        container.SetTable("Sysctls", request.Sysctls?.ToDictionary(entry => entry.Key, entry => (string?)entry.Value), keepsOthers: false);
        ApplyEnvironment(container, request);
        ApplyDns(container, request);
        ApplyHealth(container, request.Health);
        if (request.Mounts is { } mounts)
            container["Mounts"] = new JsonArray([.. mounts.Select(Mount)]);
        ApplyFiles(container, "Secrets", "SecretID", "SecretName", request.Secrets, references.Secrets);
        ApplyFiles(container, "Configs", "ConfigID", "ConfigName", request.Configs, references.Configs);
    }

    /// <summary>If no registry responds, an image that is already pinned stays pinned as long as the same tag is requested.</summary>
    private static string? StillPinned(JsonObject container, string image) =>
        (string?)container["Image"] is { } present && present.StartsWith(image + "@", StringComparison.Ordinal) ? present : null;

    private static void ApplyEnvironment(JsonObject container, ServiceRequest request)
    {
        if (request.Environment is not { } wanted)
            return;
        var present = (container["Env"] as JsonArray ?? []).Select(entry => (string?)entry ?? "").ToList();
        var variables = request.KeepsOthers ? present.ToList() : [];
        foreach (var (name, value) in wanted)
        {
            var at = variables.FindIndex(entry => IsOf(entry, name));
            variables.RemoveAll(entry => IsOf(entry, name));
            if (value is not null)
                variables.Insert(at >= 0 ? at : variables.Count, $"{name}={value}");
        }

        // The engine keeps the order, which has no meaning: a different order alone must not replace tasks.
        if (!variables.Order(StringComparer.Ordinal).SequenceEqual(present.Order(StringComparer.Ordinal)))
            container.SetIf("Env", variables);
    }

    private static bool IsOf(string entry, string name) => entry == name || entry.StartsWith(name + "=", StringComparison.Ordinal);

    private static void ApplyDns(JsonObject container, ServiceRequest request)
    {
        if (request.Dns is null && request.DnsSearch is null && request.DnsOptions is null)
            return;
        var dns = container.Child("DNSConfig");
        dns.SetIf("Nameservers", request.Dns);
        dns.SetIf("Search", request.DnsSearch);
        dns.SetIf("Options", request.DnsOptions);
    }

    private static void ApplyHealth(JsonObject container, HealthRequest? request)
    {
        if (request is null)
            return;
        if (request.Command is { Length: 0 })
        {
            container["Healthcheck"] = new JsonObject { ["Test"] = new JsonArray("NONE") };
            return;
        }

        var health = container.Child("Healthcheck");
        if (request.Command is { } command)
            health["Test"] = new JsonArray("CMD-SHELL", command);
        health.SetIf("Interval", request.Interval?.Nanoseconds());
        health.SetIf("Timeout", request.Timeout?.Nanoseconds());
        health.SetIf("StartPeriod", request.StartPeriod?.Nanoseconds());
        health.SetIf("Retries", request.Retries);
    }

    private static JsonObject Mount(ServiceMount mount)
    {
        var json = new JsonObject { ["Type"] = mount.Type };
        json.SetIf("Source", mount.Source);
        json["Target"] = mount.Target;
        if (mount.ReadOnly)
            json["ReadOnly"] = true;
        if (mount.TmpfsSize is not null || mount.TmpfsMode is not null)
        {
            var options = json.Child("TmpfsOptions");
            options.SetIf("SizeBytes", mount.TmpfsSize);
            options.SetIf("Mode", mount.TmpfsMode);
        }

        return json;
    }

    private static void ApplyFiles(
        JsonObject container,
        string list,
        string id,
        string name,
        IReadOnlyList<FileReference>? files,
        IReadOnlyDictionary<string, (string Id, string ObjectName)> references
    )
    {
        if (files is null)
            return;
        container[list] = new JsonArray([
            .. files.Select(file => new JsonObject
            {
                // Always written in full: a missing mode means mode 0000.
                ["File"] = new JsonObject
                {
                    ["Name"] = file.Target,
                    ["UID"] = file.Uid,
                    ["GID"] = file.Gid,
                    ["Mode"] = file.Mode,
                },
                [id] = references[file.Name].Id,
                [name] = references[file.Name].ObjectName,
            }),
        ]);
    }
}
