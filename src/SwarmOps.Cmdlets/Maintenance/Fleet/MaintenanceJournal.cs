using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Docker.DotNet;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Maintenance.Fleet;

/// <summary>
/// The journal of a maintenance: a config of the swarm, whose content says what is done, and whose labels say how far each node is. So any machine goes on where another one ended, and
/// the journal of the last maintenance stays until the next one begins. Whoever writes it holds the swarm's lock.
/// </summary>
/// <param name="swarm">The swarm.</param>
internal sealed class MaintenanceJournal(SwarmSession swarm) : IDisposable
{
    /// <summary>Name of the config.</summary>
    public const string Name = "swarmops.maintenance";

    private const string NodeLabel = "node.";

    private readonly ConcurrentDictionary<string, JournalEntry> entries = new(StringComparer.Ordinal);

    /// <summary>Nodes that are maintained at the same time write one after the other.</summary>
    private readonly SemaphoreSlim gate = new(1);

    /// <summary>What is done; null when there is no journal.</summary>
    public MaintenanceDefinition? Definition { get; private set; }

    /// <summary>What it says of a node.</summary>
    public JournalEntry Of(string nodeId) => entries.GetValueOrDefault(nodeId, JournalEntry.None);

    /// <summary>Ids of the nodes that it names.</summary>
    public IEnumerable<string> NodeIds => entries.Keys;

    /// <summary>Whether every node that it names is done.</summary>
    public bool IsComplete => entries.Values.All(entry => entry.State == SwarmMaintenanceState.Done);

    /// <summary>Reads it.</summary>
    /// <exception cref="SwarmOpsException"><c>MaintenanceJournalInvalid</c>, the transport's errors.</exception>
    public async Task ReadAsync()
    {
        entries.Clear();
        Definition = null;
        if (await FindAsync().ConfigureAwait(false) is not { } config)
            return;
        Definition =
            MaintenanceDefinition.FromJson(Convert.FromBase64String((string?)config["Spec"]?["Data"] ?? ""))
            ?? throw MaintenanceErrors.MaintenanceJournalInvalid(swarm.SwarmId);
        foreach (var (label, text) in config["Spec"]?["Labels"] as JsonObject ?? [])
        {
            if (label.StartsWith(NodeLabel, StringComparison.Ordinal))
                entries[label[NodeLabel.Length..]] = JournalEntry.Parse((string?)text);
        }
    }

    /// <summary>Begins a journal with all nodes Pending, in place of the last one.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task BeginAsync(MaintenanceDefinition definition, IEnumerable<string> nodeIds)
    {
        if (await FindAsync().ConfigureAwait(false) is { } last)
            await swarm
                .AskAsync(
                    async (api, token) =>
                    {
                        await api.DeleteAsync($"/configs/{(string?)last["ID"]}", token).ConfigureAwait(false);
                        return true;
                    }
                )
                .ConfigureAwait(false);
        entries.Clear();
        foreach (var id in nodeIds)
            entries[id] = JournalEntry.None;
        Definition = definition;
        var body = new JsonObject
        {
            ["Name"] = Name,
            ["Labels"] = Labels(),
            ["Data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(definition.ToJson())),
        };
        await swarm.AskAsync((api, token) => api.PostAsync("/configs/create", body, token)).ConfigureAwait(false);
    }

    /// <summary>Writes how far a node is.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task WriteAsync(string nodeId, JournalEntry entry)
    {
        await gate.WaitAsync(swarm.Context.CancellationToken).ConfigureAwait(false);
        try
        {
            entries[nodeId] = entry;
            var config = await FindAsync().ConfigureAwait(false) ?? throw MaintenanceErrors.MaintenanceJournalGone(swarm.SwarmId);
            var body = new JsonObject { ["Name"] = Name, ["Labels"] = Labels() };
            var path = $"/configs/{(string?)config["ID"]}/update?version={config["Version"]?["Index"]}";
            await swarm.AskAsync((api, token) => api.PostAsync(path, body, token)).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();

    private JsonObject Labels() =>
        new(entries.Select(entry => KeyValuePair.Create<string, JsonNode?>(NodeLabel + entry.Key, entry.Value.ToText())));

    private async Task<JsonNode?> FindAsync()
    {
        try
        {
            return await swarm.GetAsync($"/configs/{Name}").ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound })
        {
            return null;
        }
    }
}
