using SwarmOps.Stacks.Model;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Building;

/// <summary>What services share: networks, volumes, secrets and configs.</summary>
internal sealed class ObjectBuilder(BuildContext context)
{
    /// <summary>The engine's limits (docs of the API: secrets less than 500 KiB, configs 1000 KiB).</summary>
    private const int MostSecretBytes = (500 * 1024) - 1;
    private const int MostConfigBytes = 1000 * 1024;

    private static readonly string[] LocalDrivers = ["bridge", "host", "none", "macvlan", "ipvlan", "null"];

    public StackNetwork Network(YamlEntry entry)
    {
        var path = "networks." + entry.Key;
        var fields = new Fields(entry.Value as YamlMapping);
        var (isExternal, name) = External(fields, path, entry);
        if (isExternal)
        {
            OnlyName(fields, path, "driver", "driver_opts", "ipam", "internal", "attachable", "enable_ipv6", "labels");
            return new StackNetwork(entry.Key, name ?? entry.Key, IsExternal: true);
        }

        if (fields.Text("driver") is { } driver && LocalDrivers.Contains(driver))
            context.Refuse(
                fields.At("driver"),
                path + ".driver",
                $"A network of the driver {driver} exists on one node only.",
                driver == "host" ? "Write 'external: true' and 'name: host'." : "Remove the driver, or write 'driver: overlay'."
            );
        var ipam = fields.Map("ipam");
        return new StackNetwork(entry.Key, name, IsExternal: false)
        {
            // A local driver that may be ignored leaves the default, overlay.
            Driver = fields.Text("driver") is { } given && !LocalDrivers.Contains(given) ? given : null,
            DriverOptions = fields.Table("driver_opts"),
            Labels = fields.Table("labels"),
            IsAttachable = fields.Flag("attachable") is true,
            IsInternal = fields.Flag("internal") is true,
            EnablesIPv6 = fields.Flag("enable_ipv6") is true,
            IpamDriver = ipam.Text("driver"),
            IpamOptions = ipam.Table("options"),
            Subnets =
            [
                .. ipam.Items("config")
                    .OfType<YamlMapping>()
                    .Select(config => new Fields(config))
                    .Select(config => new StackSubnet(config.Text("subnet"), config.Text("gateway"), config.Text("ip_range"))),
            ],
        };
    }

    public StackVolume Volume(YamlEntry entry)
    {
        var path = "volumes." + entry.Key;
        var fields = new Fields(entry.Value as YamlMapping);
        if (FolderBuilder.IsFolder(fields))
            return new StackVolume(entry.Key, null, IsExternal: false) { Folder = new FolderBuilder(fields, path, context).Build(entry) };
        var (isExternal, name) = External(fields, path, entry);
        if (!isExternal)
            return new StackVolume(entry.Key, name, IsExternal: false)
            {
                Driver = fields.Text("driver"),
                DriverOptions = fields.Table("driver_opts"),
                Labels = fields.Table("labels"),
            };
        OnlyName(fields, path, "driver", "driver_opts", "labels");
        return new StackVolume(entry.Key, name ?? entry.Key, IsExternal: true);
    }

    public StackFileObject Secret(YamlEntry entry) => FileObject(entry, "secrets", MostSecretBytes, "file", "environment", "driver");

    public StackFileObject Config(YamlEntry entry) => FileObject(entry, "configs", MostConfigBytes, "file", "environment", "content");

    private StackFileObject FileObject(YamlEntry entry, string section, int most, params string[] origins)
    {
        var path = $"{section}.{entry.Key}";
        var fields = new Fields(entry.Value as YamlMapping);
        var (isExternal, name) = External(fields, path, entry);
        if (isExternal)
        {
            OnlyName(fields, path, [.. origins, "driver_opts", "labels", "template_driver"]);
            return new StackFileObject(entry.Key, name ?? entry.Key, StackFileOrigin.External);
        }

        var given = origins.Where(fields.Has).ToList();
        if (given.Count != 1 && entry.Value is not YamlInvalid)
            context.Problems.Add(
                entry.At,
                $"{path} has {(given.Count == 0 ? "no value" : "more than one value: " + string.Join(", ", given))}.",
                given.Count == 0
                    ? $"Write {string.Join(", ", origins.Select(origin => $"'{origin}: ...'"))} or 'external: true'."
                    : "Keep one of them."
            );
        var origin = given.FirstOrDefault() switch
        {
            "environment" => StackFileOrigin.Environment,
            "content" => StackFileOrigin.Content,
            "driver" => StackFileOrigin.Driver,
            _ => StackFileOrigin.File,
        };
        if (origin != StackFileOrigin.Driver && fields.Has("driver_opts"))
            context.Problems.Add(
                fields.At("driver_opts"),
                $"{path} has options of a driver, and no driver.",
                "Add 'driver', or remove 'driver_opts'."
            );
        return new StackFileObject(entry.Key, name, origin)
        {
            Value = given.Count == 1 && Bytes(fields, given[0], path, most) is { } bytes ? new StackValue(bytes) : null,
            Labels = fields.Table("labels"),
            Driver = fields.Text("driver"),
            DriverOptions = fields.Table("driver_opts"),
            TemplateDriver = fields.Text("template_driver"),
        };
    }

    private byte[]? Bytes(Fields fields, string origin, string path, int most)
    {
        if (origin == "driver" || fields.Scalar(origin) is not { } scalar)
            return null;
        var file = scalar.At.File;
        byte[]? bytes = null;
        try
        {
            bytes = origin switch
            {
                "file" => context.Files.Read(file.Resolve(scalar.Text), most),
                "environment" when file.Lookup(scalar.Text) is { } value => System.Text.Encoding.UTF8.GetBytes(value),
                "environment" => throw new StackValueException(
                    $"The variable {YamlScalar.Shown(scalar.Text)} is not set.",
                    "Set it in the environment or in the .env file."
                ),
                _ => System.Text.Encoding.UTF8.GetBytes(scalar.Text),
            };
            if (bytes.Length > most)
                throw new StackValueException(
                    $"The value has {bytes.Length / 1024} KiB, more than the {most / 1024} KiB that engines store.",
                    "Put large content on the nodes or into an image."
                );
            if (bytes.Length == 0)
                throw new StackValueException("The value is empty, which engines refuse.", "Write a value, or remove the reference.");
        }
        catch (StackValueException exception)
        {
            context.Problems.Add(scalar.At, $"{path}.{origin}: {exception.Message}", exception.Remedy);
        }

        return bytes;
    }

    /// <summary>Whether an object exists outside of the stack, and its name.</summary>
    private (bool IsExternal, string? Name) External(Fields fields, string path, YamlEntry entry)
    {
        var name = fields.Text("name");
        if (fields.Node("external") is not YamlMapping older)
            return (fields.Flag("external") is true, name);
        var inner = new Fields(older).Text("name");
        if (name is not null && inner is not null && name != inner)
            context.Problems.Add(
                entry.At,
                $"{path} has two names: '{YamlScalar.Shown(name)}' and '{YamlScalar.Shown(inner)}'.",
                "Write 'external: true' and one 'name'."
            );
        return (true, name ?? inner);
    }

    private void OnlyName(Fields fields, string path, params string[] others)
    {
        foreach (var key in others.Where(fields.Has))
            context.Problems.Add(
                fields.At(key),
                $"{path} is external, so its '{key}' is what it was created with.",
                $"Remove '{key}', or 'external'."
            );
    }
}
