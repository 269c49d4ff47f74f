using System.Text.Json;
using System.Text.Json.Serialization;
using SwarmOps.Folders.State;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Recovery.Taking;

/// <summary>
/// Where the data stood that a backup does not contain: each database node's history and sequence number, and what each copy of a shared folder holds. After a restore it tells whether
/// what is on the disks is older or newer.
/// </summary>
internal static class DataPositions
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Reads them, by the name of the archive's entry. What cannot be read is a warning: the swarm's own state does not depend on it.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(
        IOperationContext context,
        SwarmSession session,
        int throttleLimit
    )
    {
        var documents = new Dictionary<string, string>(StringComparer.Ordinal);
        await AddAsync("galera.json", () => GaleraAsync(session, throttleLimit)).ConfigureAwait(false);
        await AddAsync("folders.json", () => FoldersAsync(session, throttleLimit)).ConfigureAwait(false);
        return documents;

        async Task AddAsync(string name, Func<Task<IReadOnlyList<object>>> read)
        {
            try
            {
                if (await read().ConfigureAwait(false) is { Count: > 0 } found)
                    documents[name] = JsonSerializer.Serialize(found, Options);
            }
            catch (SwarmOpsException error)
            {
                context.WriteWarning($"The backup will have no {name}: {error.Message}");
            }
        }
    }

    private static async Task<IReadOnlyList<object>> GaleraAsync(SwarmSession session, int throttleLimit)
    {
        var reader = new GaleraReader(session, throttleLimit);
        var found = new List<object>();
        foreach (var services in await reader.ServicesAsync().ConfigureAwait(false))
        {
            var cluster = await reader.ReadAsync(services.Key, [.. services]).ConfigureAwait(false);
            found.Add(
                new
                {
                    cluster.Name,
                    cluster.Status,
                    cluster.Uuid,
                    Nodes = cluster.GaleraNodes.Select(node => new
                    {
                        node.Node,
                        node.State,
                        node.Uuid,
                        node.Seqno,
                        node.Error,
                    }),
                }
            );
        }

        return found;
    }

    private static async Task<IReadOnlyList<object>> FoldersAsync(SwarmSession session, int throttleLimit)
    {
        var reader = new FolderReader(session, throttleLimit) { FindsConflicts = false };
        var found = new List<object>();
        foreach (var services in await reader.ServicesAsync().ConfigureAwait(false))
        {
            var folder = await reader.ReadAsync(services.Key, [.. services]).ConfigureAwait(false);
            found.Add(
                new
                {
                    folder.Name,
                    folder.Path,
                    folder.Status,
                    Copies = folder.Copies.Select(copy => new
                    {
                        copy.Node,
                        copy.State,
                        copy.Files,
                        copy.Bytes,
                        copy.LastChange,
                        copy.Error,
                    }),
                }
            );
        }

        return found;
    }
}
