using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Docker.DotNet;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Services.Stored;

/// <summary>The secrets and configs of a swarm, for the cmdlets that read and create them.</summary>
internal static class StoredItems
{
    /// <summary>All of a kind.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<IReadOnlyList<StoredItem>> ListAsync(
        INodeConnection manager,
        StoredKind kind,
        CancellationToken cancellationToken
    )
    {
        var listed = await manager.AskJsonAsync(api => api.GetAsync(kind.Path, cancellationToken), cancellationToken).ConfigureAwait(false);
        return [.. (listed as JsonArray ?? []).OfType<JsonNode>().Select(item => new StoredItem(kind, item))];
    }

    /// <summary>The newest version of a name; null if there is none.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<StoredItem?> FindAsync(
        INodeConnection manager,
        StoredKind kind,
        string name,
        CancellationToken cancellationToken
    ) => Newest(await ListAsync(manager, kind, cancellationToken).ConfigureAwait(false), name);

    /// <summary>The newest version of a name among items; an object that other tools created under the name counts, too.</summary>
    public static StoredItem? Newest(IEnumerable<StoredItem> items, string name) =>
        items.Where(item => item.Name == name).MaxBy(item => item.Version);

    /// <summary>
    /// Ensures that a name exists: uses an existing version whatever its value; otherwise asks for confirmation and creates version 1.
    /// Other operations use it for passwords that only the swarm needs to know.
    /// </summary>
    /// <param name="context">The calling cmdlet's context.</param>
    /// <param name="swarm">The swarm.</param>
    /// <param name="kind">Secret or config.</param>
    /// <param name="name">The name.</param>
    /// <param name="labels">Further labels for a new one.</param>
    /// <param name="value">Returns the value for a new one; it is wiped after use.</param>
    /// <returns>The item, and whether it is new; null if the user declined.</returns>
    /// <exception cref="SwarmOpsException">Those of <see cref="StoredErrors"/> and the transport.</exception>
    public static Task<(StoredItem Item, bool IsNew)?> EnsureAsync(
        IOperationContext context,
        SwarmView swarm,
        StoredKind kind,
        string name,
        IReadOnlyDictionary<string, string> labels,
        Func<byte[]> value
    ) => EnsureAsync(context, swarm, kind, name, labels, () => Task.FromResult(value()));

    /// <summary>The same with an asynchronous value.</summary>
    public static async Task<(StoredItem Item, bool IsNew)?> EnsureAsync(
        IOperationContext context,
        SwarmView swarm,
        StoredKind kind,
        string name,
        IReadOnlyDictionary<string, string> labels,
        Func<Task<byte[]>> value
    )
    {
        StoredRules.CheckName(kind, name);
        StoredRules.CheckLabels(labels);
        if (await FindAsync(swarm.Manager, kind, name, context.CancellationToken).ConfigureAwait(false) is { } present)
            return (present, false);
        if (!await context.ShouldProcessAsync($"swarm {swarm.SwarmId}", $"Create the {kind.Noun} '{name}'").ConfigureAwait(false))
            return null;
        return (
            await CreateAsync(swarm.Manager, kind, name, 1, labels, await value().ConfigureAwait(false), context.CancellationToken)
                .ConfigureAwait(false),
            true
        );
    }

    /// <summary>Creates one version and reads it back.</summary>
    /// <param name="manager">A manager.</param>
    /// <param name="kind">Secret or config.</param>
    /// <param name="name">The name that all versions share.</param>
    /// <param name="version">The version number.</param>
    /// <param name="labels">Further labels.</param>
    /// <param name="data">The value; a secret's is wiped.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SwarmOpsException">Those of <see cref="StoredErrors"/> and the transport.</exception>
    public static async Task<StoredItem> CreateAsync(
        INodeConnection manager,
        StoredKind kind,
        string name,
        int version,
        IReadOnlyDictionary<string, string> labels,
        byte[] data,
        CancellationToken cancellationToken
    )
    {
        StoredRules.CheckSize(kind, name, data.Length);
        var objectName = StoredItem.ObjectNameOf(name, version);
        var all = new JsonObject(labels.Select(label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value)))
        {
            [StoredItem.NameLabel] = name,
            [StoredItem.VersionLabel] = version.ToString(CultureInfo.InvariantCulture),
        };
        var body = new JsonObject
        {
            ["Name"] = objectName,
            ["Labels"] = all,
            ["Data"] = Convert.ToBase64String(data),
        };
        if (kind.IsSecret)
            Array.Clear(data);
        string? id;
        try
        {
            var answer = await manager
                .AskJsonAsync(api => api.PostAsync(kind.Path + "/create", body, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            id = (string?)answer?["ID"];
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.Conflict })
        {
            throw StoredErrors.StoredNameTaken(kind, objectName);
        }
        catch (SwarmOpsException error)
            when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.BadRequest } api
                && TransportErrors.MessageOf(api).Contains("must be larger than 0", StringComparison.Ordinal)
            )
        {
            throw StoredErrors.StoredValueTooLarge(kind, name, data.Length, TransportErrors.MessageOf(api));
        }

        var made = await manager
            .AskJsonAsync(
                api => api.GetAsync($"{kind.Path}/{Uri.EscapeDataString(id ?? objectName)}", cancellationToken),
                cancellationToken
            )
            .ConfigureAwait(false);
        return new StoredItem(kind, made);
    }

    /// <summary>Removes one version; one that no longer exists is not an error.</summary>
    /// <exception cref="SwarmOpsException"><c>StoredInUse</c>, the transport's errors.</exception>
    public static async Task RemoveAsync(INodeConnection manager, StoredItem item, CancellationToken cancellationToken)
    {
        try
        {
            await manager
                .AskJsonAsync(
                    async api =>
                    {
                        await api.DeleteAsync($"{item.Kind.Path}/{item.Id}", cancellationToken).ConfigureAwait(false);
                        return true;
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound })
        {
            // It was removed in the meantime.
        }
        catch (SwarmOpsException error)
            when (error.InnerException is DockerApiException api
                && TransportErrors.MessageOf(api).Contains("in use", StringComparison.Ordinal)
            )
        {
            throw StoredErrors.StoredInUse(item, [TransportErrors.MessageOf(api)]);
        }
    }

    /// <summary>The same, by whichever manager answers.</summary>
    /// <exception cref="SwarmOpsException"><c>StoredInUse</c>, the transport's errors.</exception>
    public static Task RemoveAsync(SwarmSession swarm, StoredItem item) =>
        swarm.AskManagerAsync(
            async (manager, token) =>
            {
                await RemoveAsync(manager, item, token).ConfigureAwait(false);
                return true;
            }
        );

    /// <summary>The names of the services that use each item, by the item's id.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<ILookup<string, string>> UsersAsync(
        INodeConnection manager,
        StoredKind kind,
        CancellationToken cancellationToken
    )
    {
        var services = await manager
            .AskJsonAsync(api => api.GetAsync("/services", cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        var (list, id) = kind.IsSecret ? ("Secrets", "SecretID") : ("Configs", "ConfigID");
        return (services as JsonArray ?? [])
            .OfType<JsonNode>()
            .SelectMany(service =>
                (service["Spec"]?["TaskTemplate"]?["ContainerSpec"]?[list] as JsonArray ?? []).Select(reference =>
                    (Id: (string?)reference?[id] ?? "", Service: (string?)service["Spec"]?["Name"] ?? "")
                )
            )
            .Distinct()
            .OrderBy(use => use.Service, StringComparer.Ordinal)
            .ToLookup(use => use.Id, use => use.Service);
    }
}
