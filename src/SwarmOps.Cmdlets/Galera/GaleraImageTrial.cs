using Docker.DotNet;
using SwarmOps.Transport;

namespace SwarmOps.Galera;

/// <summary>Checks whether an image can run a Galera node: runs the start script's own check in a container without network, which is then removed.</summary>
/// <param name="connection">The node, which has the image.</param>
/// <param name="image">The image.</param>
internal sealed class GaleraImageTrial(INodeConnection connection, string image)
{
    /// <summary>Label of the containers.</summary>
    private const string Label = "swarmops.galera.image-trial";

    /// <summary>Older containers were left by interrupted runs; a check takes seconds.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private readonly OneOffContainer container = new(connection);

    /// <summary>Runs the check.</summary>
    /// <param name="isArbitrator">Whether the node is an arbitrator, which runs garbd.</param>
    /// <param name="tls">Whether Galera uses TLS.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The problem; null for none.</returns>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<string?> RunAsync(bool isArbitrator, bool tls, CancellationToken cancellationToken)
    {
        await RemoveLeftAsync(cancellationToken).ConfigureAwait(false);
        string? id = null;
        try
        {
            id = await container.CreateAsync(image, Label, Variables(isArbitrator, tls), [], null, cancellationToken).ConfigureAwait(false);
            await container.StartAsync(id, cancellationToken).ConfigureAwait(false);
            var code = await new EngineContainers(connection).WaitAsync(id, cancellationToken).ConfigureAwait(false);
            return code == 0 ? null : await LastWordsAsync(id, code, cancellationToken).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException api)
        {
            var words = TransportErrors.MessageOf(api);
            return words.Contains("bash", StringComparison.Ordinal) && words.Contains("not found", StringComparison.Ordinal)
                ? "the image lacks bash"
                : words;
        }
        finally
        {
            if (id is not null)
                await container.RemoveAsync(id).ConfigureAwait(false);
        }
    }

    private static List<string> Variables(bool isArbitrator, bool tls)
    {
        var variables = new List<string> { "GALERA_CHECK_ONLY=yes", "WSREP_CLUSTER_NAME=trial", "WSREP_CLUSTER_DNSNAME=trial" };
        if (isArbitrator)
            variables.Add($"GALERA_ROLE={GaleraNames.ArbitratorRole}");
        if (tls)
            variables.Add("GALERA_TLS_FILE=none");
        return variables;
    }

    /// <summary>The script reports what is missing in its last line.</summary>
    private async Task<string> LastWordsAsync(string id, int exitCode, CancellationToken cancellationToken)
    {
        var written = await container.LastLineAsync(id, cancellationToken).ConfigureAwait(false);
        var start = written.IndexOf("the image lacks", StringComparison.Ordinal);
        return start >= 0
            ? written[start..]
            : $"the start script exited with code {exitCode}{(written.Length > 0 ? $": {Masking.Text(written)}" : "")}";
    }

    private async Task RemoveLeftAsync(CancellationToken cancellationToken)
    {
        var limit = DateTimeOffset.UtcNow - Longest;
        var found = await container.ListAsync(Label, cancellationToken).ConfigureAwait(false);
        foreach (var left in found.Where(left => DateTimeOffset.FromUnixTimeSeconds((long?)left["Created"] ?? 0) < limit))
            await container.RemoveAsync((string?)left["Id"] ?? "").ConfigureAwait(false);
    }
}
