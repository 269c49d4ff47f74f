using System.Text.Json.Nodes;
using SwarmOps.Services.Specification;
using SwarmOps.Stacks.Model;

namespace SwarmOps.Stacks.Specification;

/// <summary>The container of a service of a stack in the engine's document.</summary>
internal sealed class StackContainerSpec(StackDefinition stack, StackNames names, StackReferences references)
{
    public JsonObject Create(StackService service)
    {
        var json = new JsonObject { ["Image"] = service.Image };
        json.SetTable("Labels", names.Labels(service.ContainerLabels), keepsOthers: false);
        SetList(json, "Command", service.Entrypoint);
        SetList(json, "Args", service.Command);
        json.SetIf("Hostname", service.Hostname);
        SetList(json, "Env", Environment(service));
        json.SetIf("Dir", service.WorkingDirectory);
        json.SetIf("User", service.User);
        SetList(json, "Groups", service.Groups);
        json["Privileges"] = Privileges(service);
        json.SetIf("Init", service.Init);
        json.SetIf("StopSignal", service.StopSignal);
        SetTrue(json, "TTY", service.Tty);
        SetTrue(json, "OpenStdin", service.OpenStdin);
        SetTrue(json, "ReadOnly", service.ReadOnly);
        if (service.Mounts.Count > 0)
            json["Mounts"] = new JsonArray([.. service.Mounts.Select(Mount)]);
        json.SetIf("StopGracePeriod", service.StopGracePeriod?.Nanoseconds());
        if (service.Health is { } health)
            json["Healthcheck"] = Health(health);
        SetList(json, "Hosts", service.Hosts);
        SetDns(json, service);
        SetFiles(json, service);
        json.SetIf("Isolation", service.Isolation);
        if (service.Sysctls.Count > 0)
            json.SetTable("Sysctls", StackServiceSpec.Nullable(service.Sysctls), keepsOthers: false);
        SetList(json, "CapabilityAdd", service.CapabilityAdd);
        SetList(json, "CapabilityDrop", service.CapabilityDrop);
        if (service.Ulimits.Count > 0)
        {
            json["Ulimits"] = new JsonArray([
                .. service.Ulimits.Select(limit => new JsonObject
                {
                    ["Name"] = limit.Name,
                    ["Hard"] = limit.Hard,
                    ["Soft"] = limit.Soft,
                }),
            ]);
        }

        json.SetIf("OomScoreAdj", service.OomScoreAdjustment is 0 ? null : service.OomScoreAdjustment);
        return json;
    }

    private static IReadOnlyList<string> Environment(StackService service) =>
        [
            .. service
                .Environment.Select(variable => variable.Value is null ? variable.Key : $"{variable.Key}={variable.Value}")
                .Order(StringComparer.Ordinal),
        ];

    private JsonObject Privileges(StackService service)
    {
        var json = new JsonObject { ["CredentialSpec"] = null, ["SELinuxContext"] = null };
        if (service.CredentialSpec is { } spec)
        {
            var credential = new JsonObject();
            credential.SetIf("Config", spec.Config is null ? null : references.Configs[spec.Config].Id);
            credential.SetIf("File", spec.File);
            credential.SetIf("Registry", spec.Registry);
            json["CredentialSpec"] = credential;
        }

        return json;
    }

    private JsonObject Mount(StackMount mount)
    {
        var volume = mount is { Type: "volume" or "cluster", Source: not null }
            ? stack.Volumes.FirstOrDefault(volume => volume.Key == mount.Source)
            : null;
        var json = new JsonObject { ["Type"] = mount.Type };
        json.SetIf("Source", volume is null ? mount.Source : names.Of(volume));
        json["Target"] = mount.Target;
        SetTrue(json, "ReadOnly", mount.ReadOnly);
        json.SetIf("Consistency", mount.Consistency);
        switch (mount.Type)
        {
            case "bind" or "npipe" when mount.Propagation is not null || mount.Recursive is not null:
                json["BindOptions"] = Bind(mount);
                break;
            case "volume" when volume is not null:
                json["VolumeOptions"] = Volume(mount, volume);
                break;
            case "cluster":
                json["ClusterOptions"] = new JsonObject();
                break;
            case "tmpfs" when mount.TmpfsSize is not null || mount.TmpfsMode is not null:
                var options = json.Child("TmpfsOptions");
                options.SetIf("SizeBytes", mount.TmpfsSize is 0 ? null : mount.TmpfsSize);
                options.SetIf("Mode", mount.TmpfsMode);
                break;
        }

        return json;
    }

    /// <summary>Recursion as the docker CLI writes it for <c>bind-recursive</c> (opts/mount.go).</summary>
    private static JsonObject Bind(StackMount mount)
    {
        var json = new JsonObject();
        json.SetIf("Propagation", mount.Propagation);
        SetTrue(json, "NonRecursive", mount.Recursive == "disabled");
        SetTrue(json, "ReadOnlyNonRecursive", mount.Recursive == "writable");
        SetTrue(json, "ReadOnlyForceRecursive", mount.Recursive == "readonly");
        return json;
    }

    private JsonObject Volume(StackMount mount, StackVolume volume)
    {
        var json = new JsonObject();
        SetTrue(json, "NoCopy", mount.NoCopy);
        json.SetIf("Subpath", mount.Subpath);
        if (volume.IsExternal)
            return json;
        var labels = new Dictionary<string, string>(volume.Labels, StringComparer.Ordinal);
        foreach (var (name, value) in mount.VolumeLabels)
            labels[name] = value;
        json.SetTable("Labels", names.Labels(labels), keepsOthers: false);
        if (volume.Driver is null && volume.DriverOptions.Count == 0)
            return json;
        var driver = json.Child("DriverConfig");
        driver.SetIf("Name", volume.Driver);
        if (volume.DriverOptions.Count > 0)
            driver.SetTable("Options", StackServiceSpec.Nullable(volume.DriverOptions), keepsOthers: false);
        return json;
    }

    private static JsonObject Health(StackHealthCheck health)
    {
        var json = new JsonObject();
        SetList(json, "Test", health.Test);
        if (health.Test is ["NONE"])
            return json;
        json.SetIf("Interval", Nanoseconds(health.Interval));
        json.SetIf("Timeout", Nanoseconds(health.Timeout));
        json.SetIf("StartPeriod", Nanoseconds(health.StartPeriod));
        json.SetIf("StartInterval", Nanoseconds(health.StartInterval));
        json.SetIf("Retries", health.Retries is 0 ? null : health.Retries);
        return json;
    }

    private static void SetDns(JsonObject json, StackService service)
    {
        if (service.Dns.Count == 0 && service.DnsSearch.Count == 0 && service.DnsOptions.Count == 0)
            return;
        var dns = json.Child("DNSConfig");
        SetList(dns, "Nameservers", service.Dns);
        SetList(dns, "Search", service.DnsSearch);
        SetList(dns, "Options", service.DnsOptions);
    }

    private void SetFiles(JsonObject json, StackService service)
    {
        var secrets = service.Secrets.Select(file => File(file, "Secret", references.Secrets)).ToList();
        var configs = service.Configs.Select(file => File(file, "Config", references.Configs)).ToList();
        // A credential spec is a config that no file shows.
        if (service.CredentialSpec?.Config is { } credential)
            configs.Add(
                new JsonObject
                {
                    ["Runtime"] = new JsonObject(),
                    ["ConfigID"] = references.Configs[credential].Id,
                    ["ConfigName"] = references.Configs[credential].Name,
                }
            );
        if (secrets.Count > 0)
            json["Secrets"] = Sorted(secrets, "SecretName");
        if (configs.Count > 0)
            json["Configs"] = Sorted(configs, "ConfigName");
    }

    private static JsonObject File(FileReference file, string kind, IReadOnlyDictionary<string, (string Id, string Name)> known) =>
        new()
        {
            ["File"] = new JsonObject
            {
                ["Name"] = file.Target,
                ["UID"] = file.Uid,
                ["GID"] = file.Gid,
                ["Mode"] = file.Mode,
            },
            [kind + "ID"] = known[file.Name].Id,
            [kind + "Name"] = known[file.Name].Name,
        };

    private static JsonArray Sorted(IEnumerable<JsonObject> files, string name) =>
        new([.. files.OrderBy(file => (string?)file[name], StringComparer.Ordinal)]);

    private static void SetList(JsonObject json, string name, IReadOnlyList<string>? values)
    {
        if (values is { Count: > 0 })
            json.SetIf(name, values);
    }

    private static void SetTrue(JsonObject json, string name, bool value)
    {
        if (value)
            json[name] = true;
    }

    private static long? Nanoseconds(TimeSpan? span) => span is { Ticks: > 0 } ? span.Value.Nanoseconds() : null;
}
