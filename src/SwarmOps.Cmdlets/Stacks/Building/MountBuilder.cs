using SwarmOps.Stacks.Model;
using SwarmOps.Stacks.Rules;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Building;

/// <summary>The mounts of a service: volumes and tmpfs.</summary>
internal static class MountBuilder
{
    private static readonly string[] OptionKeys = ["bind", "volume", "tmpfs"];

    public static IReadOnlyList<StackMount> Build(Fields service, string path, BuildContext context)
    {
        var mounts = new Dictionary<string, SourcePosition>(StringComparer.Ordinal);
        var built = new List<StackMount>();
        var items = service
            .Items("volumes")
            .Select(item =>
                (Mount: item is YamlScalar scalar ? Short(scalar, path, context) : Long((YamlMapping)item, path, context), item.At)
            )
            .Concat(service.Scalars("tmpfs").Select(scalar => (Mount: (StackMount?)Tmpfs(scalar), scalar.At)));
        foreach (var (mount, at) in items)
        {
            if (mount is null)
                continue;
            var target = mount.Target.Length > 1 ? mount.Target.TrimEnd('/') : mount.Target;
            if (mounts.TryAdd(target, at))
                built.Add(mount);
            else
                context.Problems.Add(
                    at,
                    $"{path} mounts '{YamlScalar.Shown(target)}' twice; the first is on line {mounts[target].Line}.",
                    "Mount one of them at another path."
                );
        }

        return built;
    }

    private static StackMount Tmpfs(YamlScalar scalar)
    {
        var mount = Forms.TmpfsMount(scalar.Text);
        return new StackMount("tmpfs", null, mount.Target)
        {
            ReadOnly = mount.ReadOnly,
            TmpfsSize = mount.TmpfsSize,
            TmpfsMode = mount.TmpfsMode,
        };
    }

    private static StackMount Short(YamlScalar scalar, string path, BuildContext context)
    {
        var parsed = VolumeForm.Parse(scalar.Text);
        if (parsed.Selinux is { } label)
            context.Refuse(
                scalar.At,
                $"The option {label} of {path}.volumes",
                "It does not relabel paths on the nodes.",
                "Remove it, and label the path on the nodes with chcon or semanage."
            );
        if (parsed.Type == "volume" ? parsed.Propagation is not null : parsed.NoCopy)
            context.Problems.Add(
                scalar.At,
                $"{path}.volumes has the option {parsed.Propagation ?? "nocopy"} on a {parsed.Type}, which does not take it.",
                parsed.Type == "volume"
                    ? "Remove it; only a path of the nodes has a propagation."
                    : "Remove it; only a volume is filled from the image."
            );
        return new StackMount(
            parsed.Type,
            parsed.Type == "bind" ? HostPath(parsed.Source!, scalar.At, path, context) : parsed.Source,
            parsed.Target
        )
        {
            ReadOnly = parsed.ReadOnly,
            NoCopy = parsed.NoCopy,
            Propagation = parsed.Propagation,
            Consistency = parsed.Consistency,
        };
    }

    private static StackMount? Long(YamlMapping map, string path, BuildContext context)
    {
        var fields = new Fields(map);
        var type = fields.Text("type");
        if (!fields.Has("target"))
            context.Problems.Add(map.At, $"{path}.volumes has an entry without a target.", "Add 'target: ' with a path in the container.");
        if (type is null || fields.Text("target") is not { } target)
            return null;
        var source = fields.Text("source");
        switch (type)
        {
            case "image":
                context.Refuse(
                    map.At,
                    $"The image that {path}.volumes mounts",
                    "Services cannot mount images.",
                    "Copy the content into the service's image, or into a config."
                );
                return null;
            case "bind" or "npipe" or "cluster" when !fields.Has("source"):
                context.Problems.Add(
                    map.At,
                    $"{path}.volumes has an entry of type {type} without a source.",
                    type == "cluster" ? "Add 'source: ' with a volume or 'group:<name>'." : "Add 'source: ' with a path on the nodes."
                );
                return null;
            case "tmpfs" when fields.Has("source"):
                context.Problems.Add(
                    fields.At("source"),
                    $"{path}.volumes has a tmpfs with a source.",
                    "Remove the source; a tmpfs is in memory and has none."
                );
                return null;
            case "volume" when source is not null && VolumeForm.IsPath(source):
                context.Problems.Add(
                    fields.At("source"),
                    $"'{YamlScalar.Shown(source)}' is a path, and {path}.volumes has it as a volume.",
                    "Write 'type: bind', or the key of a volume."
                );
                return null;
        }

        foreach (var other in OptionKeys.Where(key => key != type && fields.Has(key)))
            context.Problems.Add(
                fields.At(other),
                $"{path}.volumes has options of '{other}' on an entry of type {type}.",
                $"Remove them, or write 'type: {other}'."
            );
        var bind = fields.Map("bind");
        var volume = fields.Map("volume");
        var tmpfs = fields.Map("tmpfs");
        return new StackMount(type, type == "bind" ? HostPath(source ?? "", map.At, path, context) : source, target)
        {
            ReadOnly = fields.Flag("read_only") is true,
            Consistency = fields.Text("consistency"),
            Propagation = bind.Text("propagation"),
            Recursive = bind.Text("recursive"),
            NoCopy = volume.Flag("nocopy") is true,
            Subpath = volume.Text("subpath"),
            VolumeLabels = volume.Table("labels"),
            TmpfsSize = tmpfs.Bytes("size"),
            TmpfsMode = tmpfs.Scalar("mode") is { } mode ? Forms.Mode(mode) : null,
        };
    }

    /// <summary>The path on the nodes. Relative ones start at the folder of the file on this machine, as with docker stack deploy.</summary>
    private static string HostPath(string source, SourcePosition at, string path, BuildContext context)
    {
        if (source.Length == 0 || source[0] is not ('.' or '~'))
            return source;
        var full = source[0] == '~' ? Home(source) : at.File.Resolve(source);
        context.Problems.Note(
            at,
            $"{path}.volumes mounts '{YamlScalar.Shown(source)}', which is {full} on every node that runs a task.",
            "Make sure that it exists there with the same content, or use a config, a secret or a volume."
        );
        return full;
    }

    private static string Home(string source) =>
        Path.GetFullPath(
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), source.TrimStart('~').TrimStart('/', '\\'))
        );
}
