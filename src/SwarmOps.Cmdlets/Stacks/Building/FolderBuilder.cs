using SwarmOps.Folders;
using SwarmOps.Folders.Formation;
using SwarmOps.Stacks.Model;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Building;

/// <summary>A shared folder from a volume with <c>x-swarmops.sharedFolder</c>.</summary>
internal sealed class FolderBuilder(Fields volume, string path, BuildContext context)
{
    private const string Extension = "x-swarmops",
        Key = "sharedFolder",
        DefaultImage = "syncthing/syncthing:1.29.5";

    private static readonly string[] OfVolumes = ["name", "driver", "driver_opts", "external", "labels"];

    public static bool IsFolder(Fields volume) => volume.Map(Extension).Has(Key);

    public StackFolder Build(YamlEntry entry)
    {
        var folder = volume.Map(Extension).Map(Key);
        var at = volume.Map(Extension).At(Key);
        foreach (var key in OfVolumes.Where(volume.Has))
            context.Problems.Add(
                volume.At(key),
                $"{path} has '{key}' and is a shared folder, which is a directory of the hosts and no volume.",
                $"Remove '{key}', or '{Extension}'."
            );
        var directory = folder.Text("path") ?? "";
        if (!folder.Has("path"))
            context.Problems.Add(
                at,
                $"{path}.{Extension}.{Key} has no path.",
                "Add 'path: ' with a directory of the hosts, such as /srv/uploads."
            );
        var request = new FolderRequest
        {
            Name = folder.Text("name") ?? "",
            Overlay = "",
            Path = directory,
            Image = folder.Text("image") ?? DefaultImage,
            Owner = folder.Text("owner") is { } owner ? FolderOwner.Parse(owner) : null,
            From = folder.Text("from"),
        };
        PartBuilder.Check(
            context,
            at,
            $"{path}.{Extension}.{Key}",
            () =>
            {
                if (directory.Length > 0)
                    FolderRules.CheckPath(directory);
                if (folder.Text("owner") is { } text && request.Owner is null)
                    throw FolderErrors.FolderOwnerInvalid(text);
            }
        );
        return new StackFolder(entry.Key, entry.At, folder.Text("network") ?? "default", request);
    }
}
