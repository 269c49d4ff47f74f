using SwarmOps.Folders;
using SwarmOps.Galera.Formation;
using SwarmOps.Stacks.Model;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Building;

/// <summary>Separates what is formed by other cmdlets' operations from the services: their services leave the stack, mounts of their volumes become paths on the hosts.</summary>
internal sealed class PartBuilder(BuildContext context, string? stack)
{
    /// <summary>Reports a rule of those operations as a problem of the file.</summary>
    public static void Check(BuildContext context, SourcePosition at, string path, Action rule)
    {
        try
        {
            rule();
        }
        catch (SwarmOpsException error)
        {
            context.Problems.Add(at, $"{path}: {error.Message}", error.RecommendedAction);
        }
    }

    public StackDefinition Separate(StackDefinition stack)
    {
        var clusters = stack.Services.Select(service => service.Galera).OfType<StackGalera>().Select(Named).ToList();
        var folders = stack.Volumes.Select(volume => volume.Folder).OfType<StackFolder>().Select(Named).ToList();
        var zones = stack.Services.Select(service => service.Zone).OfType<StackZone>().ToList();
        if (clusters.Count + folders.Count + zones.Count == 0)
            return stack;
        CheckTwice(clusters, cluster => cluster.Cluster.Name, "Galera clusters");
        CheckTwice(clusters, cluster => cluster.Cluster.DataPath, "Galera clusters with the data path");
        CheckTwice(folders, folder => folder.Folder.Name, "shared folders");
        CheckTwice(zones, zone => zone.Zone.Zone, "edge services with the zone");
        foreach (var folder in folders.Where(folder => stack.Networks.All(network => network.Key != folder.Network)))
            context.Problems.Add(
                folder.At,
                $"volumes.{folder.Key} uses the network '{YamlScalar.Shown(folder.Network)}', which is not under networks at the top level.",
                $"Add it there, or write 'network: ' with one of: {string.Join(", ", stack.Networks.Select(network => network.Key).Order(StringComparer.Ordinal))}."
            );
        var paths = folders.ToDictionary(folder => folder.Key, StringComparer.Ordinal);
        var gone = clusters.Select(cluster => cluster.Key).ToHashSet(StringComparer.Ordinal);
        return stack with
        {
            Parts = [.. folders, .. clusters, .. zones],
            Volumes = [.. stack.Volumes.Where(volume => volume.Folder is null)],
            Services =
            [
                .. stack
                    .Services.Where(service => !gone.Contains(service.Key))
                    .Select(service =>
                        service with
                        {
                            // What they depend on is formed before any service.
                            DependsOn = [.. service.DependsOn.Where(dependency => !gone.Contains(dependency.Service))],
                            Mounts = [.. service.Mounts.Select(mount => OnHost(service, mount, paths))],
                        }
                    ),
            ],
        };
    }

    private StackMount OnHost(StackService service, StackMount mount, Dictionary<string, StackFolder> folders)
    {
        if (mount.Type != "volume" || mount.Source is null || folders.GetValueOrDefault(mount.Source) is not { } folder)
            return mount;
        if (mount.VolumeLabels.Count > 0)
            context.Problems.Add(
                service.At,
                $"services.{service.Key} mounts the shared folder '{folder.Key}' with labels, and a directory of the hosts has none.",
                "Remove the labels of the mount."
            );
        return mount with
        {
            Type = "bind",
            Source = mount.Subpath is { } inner ? $"{folder.Folder.Path}/{inner.Trim('/')}" : folder.Folder.Path,
            Subpath = null,
            NoCopy = false,
        };
    }

    private StackGalera Named(StackGalera galera)
    {
        var cluster = galera.Cluster with { Name = NameOf(galera.Cluster.Name, galera.Key) };
        Check(context, galera.At, $"services.{galera.Key}.x-swarmops.galera.name", () => GaleraRules.CheckName(cluster.Name));
        return galera with { Cluster = cluster };
    }

    private StackFolder Named(StackFolder folder)
    {
        var named = folder.Folder with { Name = NameOf(folder.Folder.Name, folder.Key) };
        Check(context, folder.At, $"volumes.{folder.Key}.x-swarmops.sharedFolder.name", () => FolderRules.CheckName(named.Name));
        return folder with { Folder = named };
    }

    /// <summary>The name; by default that of the stack, a hyphen and the key: they become DNS names, which have no underscores.</summary>
    private string NameOf(string given, string key) =>
        given.Length > 0 ? given : $"{stack ?? "stack"}-{key}".Replace('_', '-').ToLowerInvariant();

    private void CheckTwice<T>(IEnumerable<T> parts, Func<T, string> of, string what)
        where T : StackPart
    {
        foreach (var twice in parts.GroupBy(of).Where(group => group.Count() > 1))
            context.Problems.Add(
                twice.Last().At,
                $"'{twice.First().Key}' and '{twice.Last().Key}' are {what} '{YamlScalar.Shown(twice.Key)}'.",
                "Give one of them another."
            );
    }
}
