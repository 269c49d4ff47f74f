using System.Diagnostics;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Nodes.Installation;

/// <summary>Installs an engine on a node, starts one that is installed, or does nothing when one answers.</summary>
internal sealed class EngineInstallation(IOperationContext context, EngineSource source, TimeSpan timeout)
{
    /// <summary>Transport errors that an installation or start can fix.</summary>
    private static readonly HashSet<string> Curable = ["EngineNotInstalled", "EngineNotRunning", "EngineAccessDenied"];

    private readonly Stopwatch elapsed = Stopwatch.StartNew();

    /// <summary>Ensures that one node has a running engine.</summary>
    /// <returns>The node with its engine's version; null when the user declined.</returns>
    /// <exception cref="SwarmOpsException">Any of <see cref="InstallationErrors"/>, and the transport's.</exception>
    public async Task<SwarmNode?> RunAsync(SwarmNode node)
    {
        var connection = context.Connection(node);
        if (await TryObserveAsync(node, connection).ConfigureAwait(false) is { Observed: { } running })
            return Describe(running);

        var host = await AskHostAsync(connection).ConfigureAwait(false);
        if (!host.HasEngine && !host.IsSupported)
            throw InstallationErrors.OperatingSystemNotSupported(node, host.Name);
        if (!host.CanBeRoot)
            throw InstallationErrors.RootRequired(node, host.User);
        if (!await context.ShouldProcessAsync(node.ToString(), Plan(host)).ConfigureAwait(false))
            return null;

        await BringAsync(node, connection, host).ConfigureAwait(false);
        if (host.NeedsGroup)
            await AddToGroupAsync(node, connection, host).ConfigureAwait(false);
        // New groups and a new engine are visible to a new session only.
        await connection.ResetAsync().ConfigureAwait(false);
        return Describe(await WaitAsync(node, connection).ConfigureAwait(false));
    }

    private static SwarmNode Describe(NodeObservation observation) =>
        observation.Node with
        {
            EngineVersion = observation.Info.ServerVersion,
            Hostname = observation.Info.Name,
        };

    private string Plan(EngineHost host)
    {
        var engine = host.HasEngine
            ? "Start the engine"
            : $"Install the engine from {(source == EngineSource.DockerCE ? "Docker's repository (docker-ce)" : $"{host.Name} (docker.io)")}, with nftables, and start it";
        return host.NeedsGroup ? $"{engine}; add '{host.User}' to the group docker" : engine;
    }

    /// <summary>Queries the engine; returns errors that can be fixed, throws others.</summary>
    private async Task<(NodeObservation? Observed, SwarmOpsException? Error)> TryObserveAsync(SwarmNode node, INodeConnection connection)
    {
        try
        {
            return (await NodeObservation.TakeAsync(node, connection, context.CancellationToken).ConfigureAwait(false), null);
        }
        catch (SwarmOpsException error) when (Curable.Contains(error.ErrorId))
        {
            return (null, error);
        }
    }

    private async Task<EngineHost> AskHostAsync(INodeConnection connection) =>
        EngineHost.Parse(
            await connection
                .RunCheckedAsync("reading the host's operating system", new NodeCommand(EngineHost.Script), context.CancellationToken)
                .ConfigureAwait(false)
        );

    private async Task BringAsync(SwarmNode node, INodeConnection connection, EngineHost host)
    {
        context.WriteVerbose($"{node.Name}: {Plan(host)}.");
        var script = host.HasEngine ? InstallationScript.Start : InstallationScript.Install(source, host, timeout);
        var result = await connection
            .RunAsync(new NodeCommand(script) { AsRoot = true, Timeout = timeout }, context.CancellationToken)
            .ConfigureAwait(false);
        if (result.Succeeded)
            return;
        throw result.ExitCode switch
        {
            _ when host.HasEngine => InstallationErrors.EngineStartFailed(node, InstallationErrors.LastLines(result), null),
            InstallationScript.KeyNotFetched => InstallationErrors.RepositoryKeyNotFetched(node, result),
            InstallationScript.KeyMismatch => InstallationErrors.RepositoryKeyMismatch(node),
            _ => InstallationErrors.PackageInstallationFailed(node, result),
        };
    }

    private async Task AddToGroupAsync(SwarmNode node, INodeConnection connection, EngineHost host)
    {
        var command = new NodeCommand($"groupadd -f docker && usermod -aG docker {ShellCommand.Quote(host.User)}") { AsRoot = true };
        await connection
            .RunCheckedAsync($"adding '{host.User}' to the group docker", command, context.CancellationToken)
            .ConfigureAwait(false);
        context.WriteWarning(
            $"'{host.User}' of '{node.Name}' is now in the group docker, which is equivalent to root on that host. SwarmOps reconnects, since open SSH sessions do not have the group yet."
        );
    }

    private async Task<NodeObservation> WaitAsync(SwarmNode node, INodeConnection connection)
    {
        SwarmOpsException? last = null;
        var left = timeout - elapsed.Elapsed;
        var observed = await Polling
            .UntilAsync(
                async () =>
                {
                    (var answer, last) = await TryObserveAsync(node, connection).ConfigureAwait(false);
                    return answer;
                },
                left > TimeSpan.FromSeconds(5) ? left : TimeSpan.FromSeconds(5),
                context.CancellationToken
            )
            .ConfigureAwait(false);
        return observed
            ?? throw InstallationErrors.EngineStartFailed(node, await LastWordsAsync(connection, last).ConfigureAwait(false), last);
    }

    private async Task<string> LastWordsAsync(INodeConnection connection, SwarmOpsException? last)
    {
        var log = await connection
            .RunAsync(new NodeCommand(InstallationScript.LastWords) { AsRoot = true }, context.CancellationToken)
            .ConfigureAwait(false);
        return $"{last?.Message} Engine log: {InstallationErrors.LastLines(log)}";
    }
}
