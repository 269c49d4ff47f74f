using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Docker.DotNet;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Locking;

/// <summary>
/// A lock in a swarm's raft log: a config with a fixed name, which the leader creates for one client only. Renewals change its labels and so its version; taking over a stale
/// lock updates exactly the version that was seen, so that a holder that renews at the same moment either wins or loses. The winner replaces the config, so that
/// late requests of the old holder, by the old id, cannot affect the new lock.
/// </summary>
/// <param name="swarmId">The swarm.</param>
/// <param name="session">The session to ask, for calls that end with a token, and how long one manager may think (null: as long as usual).</param>
internal sealed class ConfigLockStore(string swarmId, Func<CancellationToken, TimeSpan?, SwarmSession> session) : ILockStore
{
    /// <summary>The name of the config.</summary>
    public const string Name = "swarmops.lock";

    private const string Configs = "/configs";

    /// <summary>How often the lock may disappear between creating and reading it.</summary>
    private const int Attempts = 5;

    /// <summary>How long one call waits for an election.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Time limit of one renewal; the next follows soon.</summary>
    private static readonly TimeSpan RenewalPatience = TimeSpan.FromSeconds(5);

    /// <summary>Time limit per manager of a renewal: an unreachable manager must not use all of its time.</summary>
    private static readonly TimeSpan RenewalAnswer = TimeSpan.FromSeconds(4);

    /// <summary>Time limit of a release, which is not repeated.</summary>
    private static readonly TimeSpan ReleasePatience = TimeSpan.FromSeconds(15);

    private string? id;
    private int beat;

    public string Place => $"swarm {swarmId}";

    public string ByHand => $"docker config rm {Name} on a manager";

    public async Task<LockSight?> TryTakeAsync(LockHolder holder, LockSight? stale, CancellationToken cancellationToken)
    {
        if (stale is not null)
            await ClearAsync(holder, stale, cancellationToken).ConfigureAwait(false);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                id = await CreateAsync(holder, cancellationToken).ConfigureAwait(false);
                return null;
            }
            catch (SwarmOpsException error) when (Status(error) == HttpStatusCode.Conflict)
            {
                var there = await FindAsync(Name, Patience, cancellationToken).ConfigureAwait(false);
                if (there is null && attempt < Attempts)
                    continue;
                if (there is null)
                    throw;
                var other = LockHolder.Parse(Labels(there));
                // The answer to an earlier attempt of this run was lost.
                if (other?.Token == holder.Token)
                {
                    id = Id(there);
                    return null;
                }

                return new LockSight($"{Id(there)} {Version(there)}", other);
            }
        }
    }

    public async Task<string?> RenewAsync(LockHolder holder, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var there = await FindAsync(id!, RenewalPatience, cancellationToken).ConfigureAwait(false);
            if (there is null)
                return "it was removed";
            var now = LockHolder.Parse(Labels(there));
            if (now?.Token != holder.Token)
                return $"it is now held by {now?.ToString() ?? "someone else"}";
            try
            {
                await UpdateAsync(Id(there), Version(there), holder, RenewalPatience, cancellationToken).ConfigureAwait(false);
                return null;
            }
            catch (SwarmOpsException error) when (attempt < Attempts && IsOutdated(error))
            {
                // Changed since it was read: the next read tells by whom.
            }
        }
    }

    public async Task ReleaseAsync(LockHolder holder, CancellationToken cancellationToken)
    {
        // The answer with the id may have been lost or abandoned.
        var mine =
            id
            ?? (
                await FindAsync(Name, ReleasePatience, cancellationToken).ConfigureAwait(false) is { } there
                && LockHolder.Parse(Labels(there))?.Token == holder.Token
                    ? Id(there)
                    : null
            );
        if (mine is not null)
            await DeleteAsync(mine, ReleasePatience, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes over a stale lock, if it is unchanged, and removes it.</summary>
    private async Task ClearAsync(LockHolder holder, LockSight stale, CancellationToken cancellationToken)
    {
        var parts = stale.Fingerprint.Split(' ');
        try
        {
            await UpdateAsync(parts[0], parts[1], holder, Patience, cancellationToken).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (IsOutdated(error))
        {
            return;
        }

        await DeleteAsync(parts[0], Patience, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> CreateAsync(LockHolder holder, CancellationToken cancellationToken)
    {
        var text =
            $"The lock of a SwarmOps run, which its labels identify. It is renewed every {LockLease.Renewal.TotalSeconds:0} s, and may be removed when that run has ended.\n";
        var body = new JsonObject
        {
            ["Name"] = Name,
            ["Labels"] = Node(holder),
            ["Data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text)),
        };
        var answer = await AskAsync((api, token) => api.PostAsync(Configs + "/create", body, token), Patience, cancellationToken)
            .ConfigureAwait(false);
        return (string?)answer?["ID"] ?? "";
    }

    private Task UpdateAsync(string configId, string version, LockHolder holder, TimeSpan patience, CancellationToken cancellationToken)
    {
        beat++;
        var body = new JsonObject { ["Name"] = Name, ["Labels"] = Node(holder) };
        return AskAsync(
            (api, token) => api.PostAsync($"{Configs}/{configId}/update?version={version}", body, token),
            patience,
            cancellationToken
        );
    }

    private async Task DeleteAsync(string configId, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await AskAsync<JsonNode?>(
                    async (api, token) =>
                    {
                        await api.DeleteAsync($"{Configs}/{configId}", token).ConfigureAwait(false);
                        return null;
                    },
                    patience,
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (Status(error) == HttpStatusCode.NotFound)
        {
            // Someone removed it.
        }
    }

    private async Task<JsonNode?> FindAsync(string idOrName, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync<JsonNode?>(
                    async (api, token) => await api.GetAsync($"{Configs}/{idOrName}", token).ConfigureAwait(false),
                    patience,
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (Status(error) == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private Task<T> AskAsync<T>(
        Func<EngineApi, CancellationToken, Task<T>> question,
        TimeSpan patience,
        CancellationToken cancellationToken
    ) => session(cancellationToken, patience == RenewalPatience ? RenewalAnswer : null).AskAsync(question, patience);

    private JsonObject Node(LockHolder holder) =>
        new(holder.ToLabels(beat).Select(label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value)));

    private static string Id(JsonNode config) => (string?)config["ID"] ?? "";

    private static string Version(JsonNode config) => config["Version"]?["Index"]?.ToString() ?? "0";

    private static Dictionary<string, string> Labels(JsonNode config) =>
        config["Spec"]?["Labels"] is JsonObject labels
            ? labels.ToDictionary(label => label.Key, label => (string?)label.Value ?? "", StringComparer.Ordinal)
            : [];

    private static HttpStatusCode? Status(SwarmOpsException error) => (error.InnerException as DockerApiException)?.StatusCode;

    /// <summary>Removed, or changed since it was read.</summary>
    private static bool IsOutdated(SwarmOpsException error) =>
        Status(error) == HttpStatusCode.NotFound
        || (
            error.InnerException is DockerApiException api
            && TransportErrors.MessageOf(api).Contains("out of sequence", StringComparison.OrdinalIgnoreCase)
        );
}
