using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Docker.DotNet;
using SwarmOps.Pipeline;
using SwarmOps.Swarm;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Services.Stored;

/// <summary>The secrets and configs of a swarm, as the stages read and make them.</summary>
internal static class StoredItems
{
    /// <summary>All of a kind.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<IReadOnlyList<StoredItem>> ListAsync(INodeConnection manager, StoredKind kind, CancellationToken cancellationToken)
    {
        var listed = await manager.AskJsonAsync(api => api.GetAsync(kind.Path, cancellationToken), cancellationToken).ConfigureAwait(false);
        return [.. (listed as JsonArray ?? []).OfType<JsonNode>().Select(item => new StoredItem(kind, item))];
    }

    /// <summary>The newest version of a name; null when there is none.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<StoredItem?> FindAsync(INodeConnection manager, StoredKind kind, string name, CancellationToken cancellationToken) =>
        Newest(await ListAsync(manager, kind, cancellationToken).ConfigureAwait(false), name);

    /// <summary>The newest version of a name among items; an engine's name that is no version of ours counts too.</summary>
    public static StoredItem? Newest(IEnumerable<StoredItem> items, string name) =>
        items.Where(item => item.Name == name).MaxBy(item => item.Version);

    /// <summary>
    /// Makes sure that a name is there: takes what exists, whatever its value, else asks and makes version 1.
    /// What other stages use for passwords that only the swarm need know.
    /// </summary>
    /// <param name="context">The stage that asks.</param>
    /// <param name="swarm">The swarm.</param>
    /// <param name="kind">Secret or config.</param>
    /// <param name="name">The name.</param>
    /// <param name="labels">Further labels of a new one.</param>
    /// <param name="value">Gives the value of a new one; what it gives is wiped after use.</param>
    /// <returns>The item, and whether it is new; null when consent was refused.</returns>
    /// <exception cref="SwarmOpsException">Those of <see cref="StoredErrors"/> and the transport.</exception>
    public static Task<(StoredItem Item, bool IsNew)?> EnsureAsync(
        IOperationContext context, SwarmView swarm, StoredKind kind, string name, IReadOnlyDictionary<string, string> labels, Func<byte[]> value) =>
        EnsureAsync(context, swarm, kind, name, labels, () => Task.FromResult(value()));

    /// <summary>The same for a value that takes its time.</summary>
    public static async Task<(StoredItem Item, bool IsNew)?> EnsureAsync(
        IOperationContext context, SwarmView swarm, StoredKind kind, string name, IReadOnlyDictionary<string, string> labels, Func<Task<byte[]>> value)
    {
        StoredRules.CheckName(kind, name);
        StoredRules.CheckLabels(labels);
        if (await FindAsync(swarm.Manager, kind, name, context.CancellationToken).ConfigureAwait(false) is { } present)
            return (present, false);
        if (!await context.ShouldProcessAsync($"swarm {swarm.SwarmId}", $"create the {kind.Noun} '{name}'").ConfigureAwait(false))
            return null;
        return (await CreateAsync(swarm.Manager, kind, name, 1, labels, await value().ConfigureAwait(false), context.CancellationToken).ConfigureAwait(false), true);
    }

    /// <summary>Makes one version and reads it back.</summary>
    /// <param name="manager">A manager.</param>
    /// <param name="kind">Secret or config.</param>
    /// <param name="name">The name over all versions.</param>
    /// <param name="version">The number of the version.</param>
    /// <param name="labels">Further labels.</param>
    /// <param name="data">The value; a secret's is wiped.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SwarmOpsException">Those of <see cref="StoredErrors"/> and the transport.</exception>
    public static async Task<StoredItem> CreateAsync(
        INodeConnection manager, StoredKind kind, string name, int version, IReadOnlyDictionary<string, string> labels, byte[] data, CancellationToken cancellationToken)
    {
        StoredRules.CheckSize(kind, name, data.Length);
        var objectName = StoredItem.ObjectNameOf(name, version);
        var all = new JsonObject(labels.Select(label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value)))
        {
            [StoredItem.NameLabel] = name,
            [StoredItem.VersionLabel] = version.ToString(CultureInfo.InvariantCulture),
        };
        var body = new JsonObject { ["Name"] = objectName, ["Labels"] = all, ["Data"] = Convert.ToBase64String(data) };
        if (kind.IsSecret)
            Array.Clear(data);
        string? id;
        try
        {
            var answer = await manager.AskJsonAsync(api => api.PostAsync(kind.Path + "/create", body, cancellationToken), cancellationToken).ConfigureAwait(false);
            id = (string?)answer?["ID"];
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.Conflict })
        {
            throw StoredErrors.StoredNameTaken(kind, objectName);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.BadRequest } api
            && TransportErrors.MessageOf(api).Contains("must be larger than 0", StringComparison.Ordinal))
        {
            throw StoredErrors.StoredValueTooLarge(kind, name, data.Length, TransportErrors.MessageOf(api));
        }

        var made = await manager.AskJsonAsync(api => api.GetAsync($"{kind.Path}/{Uri.EscapeDataString(id ?? objectName)}", cancellationToken), cancellationToken).ConfigureAwait(false);
        return new StoredItem(kind, made);
    }

    /// <summary>Removes one version; one that is gone already is as it should be.</summary>
    /// <exception cref="SwarmOpsException"><c>StoredInUse</c>, the transport's errors.</exception>
    public static async Task RemoveAsync(INodeConnection manager, StoredItem item, CancellationToken cancellationToken)
    {
        try
        {
            await manager.AskJsonAsync(
                async api =>
                {
                    await api.DeleteAsync($"{item.Kind.Path}/{item.Id}", cancellationToken).ConfigureAwait(false);
                    return true;
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound })
        {
            // Someone else was faster.
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException api && TransportErrors.MessageOf(api).Contains("in use", StringComparison.Ordinal))
        {
            throw StoredErrors.StoredInUse(item, [TransportErrors.MessageOf(api)]);
        }
    }

    /// <summary>The names of the services that use each item, by the item's id.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<ILookup<string, string>> UsersAsync(INodeConnection manager, StoredKind kind, CancellationToken cancellationToken)
    {
        var services = await manager.AskJsonAsync(api => api.GetAsync("/services", cancellationToken), cancellationToken).ConfigureAwait(false);
        var (list, id) = kind.IsSecret ? ("Secrets", "SecretID") : ("Configs", "ConfigID");
        return (services as JsonArray ?? [])
            .OfType<JsonNode>()
            .SelectMany(service => (service["Spec"]?["TaskTemplate"]?["ContainerSpec"]?[list] as JsonArray ?? [])
                .Select(reference => (Id: (string?)reference?[id] ?? "", Service: (string?)service["Spec"]?["Name"] ?? "")))
            .Distinct()
            .OrderBy(use => use.Service, StringComparer.Ordinal)
            .ToLookup(use => use.Id, use => use.Service);
    }
}
