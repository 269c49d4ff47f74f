using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Docker.DotNet;
using Docker.DotNet.Models;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Overlay.Proof;

/// <summary>The probe containers of one test: started, queried, and removed in any case.</summary>
/// <param name="context">The context of the cmdlet.</param>
/// <param name="network">The network.</param>
/// <param name="image">An image with perl; null uses the host's perl.</param>
internal sealed class OverlayProbes(IOperationContext context, OverlayNetwork network, string? image)
{
    /// <summary>Label of the containers: the network's id.</summary>
    public const string Label = "swarmops.overlay-probe";

    /// <summary>Probes end by themselves after this time when they are not removed.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    /// <summary>Time limit of removing a probe, also after Ctrl+C.</summary>
    private static readonly TimeSpan RemovalLimit = TimeSpan.FromSeconds(10);

    private static readonly Lazy<string> Program = new(() => EmbeddedText.Read("OverlayProbe.pl"));

    private readonly ConcurrentDictionary<SwarmNode, string> names = new();

    private readonly string session = Convert.ToHexString(RandomNumberGenerator.GetBytes(4)).ToLowerInvariant();

    /// <summary>Removes the probe of an interrupted run, and starts a new one.</summary>
    /// <param name="node">The node.</param>
    /// <param name="number">Its number in the test.</param>
    /// <returns>The probe; null when the engine got no answer from a manager, which it needs to attach a container.</returns>
    /// <exception cref="SwarmOpsException"><c>OverlayProbeFailed</c>, the transport's errors.</exception>
    public async Task<OverlayProbe?> StartAsync(SwarmNode node, int number)
    {
        var connection = context.Connection(node);
        await RemoveAsync(node, context.CancellationToken).ConfigureAwait(false);
        if (image is null)
            await ProbeImage.EnsureAsync(connection, context.CancellationToken).ConfigureAwait(false);
        var name = string.Create(CultureInfo.InvariantCulture, $"swarmops-probe-{session}-{number}");
        names[node] = name;
        try
        {
            var created = await connection.AskAsync(engine => engine.Containers.CreateContainerAsync(Container(name), context.CancellationToken), context.CancellationToken).ConfigureAwait(false);
            await connection.AskAsync(engine => engine.Containers.StartContainerAsync(created.ID, new ContainerStartParameters(), context.CancellationToken), context.CancellationToken).ConfigureAwait(false);
            var running = await connection.AskAsync(engine => engine.Containers.InspectContainerAsync(created.ID, context.CancellationToken), context.CancellationToken).ConfigureAwait(false);
            var address = running.NetworkSettings?.Networks?.TryGetValue(network.Name, out var endpoint) is true ? endpoint.IPAddress : null;
            return string.IsNullOrEmpty(address)
                ? throw OverlayErrors.OverlayProbeFailed(node, "it ended at once and has no address on the network; the host may have no perl", null)
                : new OverlayProbe(node, created.ID, name, address);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException api)
        {
            if (IsUnattached(TransportErrors.MessageOf(api)))
                return null;
            throw OverlayErrors.OverlayProbeFailed(node, TransportErrors.MessageOf(api), error);
        }
    }

    /// <summary>Runs a probe's test of all others; results by address.</summary>
    /// <exception cref="SwarmOpsException"><c>OverlayProbeFailed</c>, the transport's errors.</exception>
    public async Task<IReadOnlyDictionary<string, ProbeSighting>> TestAsync(OverlayProbe probe, IEnumerable<OverlayProbe> peers)
    {
        var command = new List<string> { "perl", "-e", Program.Value, "test" };
        command.AddRange(peers.Where(peer => peer != probe).Select(peer => $"{peer.Address}={peer.Name}"));
        var output = await ContainerExec.RunAsync(context.Connection(probe.Node), probe.ContainerId, command, context.CancellationToken).ConfigureAwait(false);
        return ProbeSighting.Parse(output) ?? throw OverlayErrors.OverlayProbeFailed(probe.Node, $"it returned '{output.Trim()}'", null);
    }

    /// <summary>Removes all probes of the network from nodes; errors are ignored at that point.</summary>
    public async Task RemoveAsync(IEnumerable<SwarmNode> nodes)
    {
        using var limit = new CancellationTokenSource(RemovalLimit);
        await Task.WhenAll(nodes.Select(async node =>
        {
            try
            {
                // By name first: after Ctrl+C there may be time for one request only, and the engine completes it by itself.
                if (names.TryGetValue(node, out var name))
                    await RemoveAsync(node, name, limit.Token).ConfigureAwait(false);
                await RemoveAsync(node, limit.Token).ConfigureAwait(false);
            }
            catch (Exception error) when (error is SwarmOpsException or OperationCanceledException)
            {
                context.WriteVerbose($"{node.Name}: could not remove the probe, which ends by itself within {Life.TotalMinutes:0} minutes: {error.Message}");
            }
        })).ConfigureAwait(false);
    }

    private async Task RemoveAsync(SwarmNode node, CancellationToken cancellationToken)
    {
        var connection = context.Connection(node);
        var filters = new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { [$"{Label}={network.Id}"] = true } };
        var found = await connection.AskAsync(engine => engine.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = filters }, cancellationToken), cancellationToken).ConfigureAwait(false);
        foreach (var container in found)
            await RemoveAsync(node, container.ID, cancellationToken).ConfigureAwait(false);
    }

    private async Task RemoveAsync(SwarmNode node, string container, CancellationToken cancellationToken)
    {
        try
        {
            await context.Connection(node).TellAsync(engine => engine.Containers.RemoveContainerAsync(container, new ContainerRemoveParameters { Force = true }, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound or HttpStatusCode.Conflict })
        {
            // It is already being removed.
        }
    }

    /// <summary>Engine 20.10: "Could not attach to network internal: context deadline exceeded"; later ones: "attaching to network failed, ...: context deadline exceeded".</summary>
    private static bool IsUnattached(string message) =>
        message.Contains("attach", StringComparison.OrdinalIgnoreCase) && message.Contains("deadline exceeded", StringComparison.Ordinal);

    private CreateContainerParameters Container(string name) => new()
    {
        Name = name,
        Image = image ?? $"{ProbeImage.Name}:{ProbeImage.Tag}",
        Entrypoint = ["perl", "-e", Program.Value, "serve", Life.TotalSeconds.ToString(CultureInfo.InvariantCulture)],
        User = "0",
        Env = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
        Labels = new Dictionary<string, string> { [Label] = network.Id },
        HostConfig = new HostConfig
        {
            AutoRemove = true,
            NetworkMode = network.Name,
            CapDrop = ["ALL"],
            CapAdd = ["NET_RAW"],
            Mounts = image is null ? [new Mount { Type = "bind", Source = "/usr", Target = "/usr", ReadOnly = true }] : [],
        },
        NetworkingConfig = new NetworkingConfig { EndpointsConfig = new Dictionary<string, EndpointSettings> { [network.Name] = new() } },
    };
}
