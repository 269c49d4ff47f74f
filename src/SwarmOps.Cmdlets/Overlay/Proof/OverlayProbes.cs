using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Docker.DotNet;
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

    /// <summary>Starts a probe. One of an interrupted run is in nobody's way, and is removed with it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="number">Its number in the test: no other probe of it may have had this.</param>
    /// <returns>The probe; null when the engine got no answer from a manager, which it needs to attach a container.</returns>
    /// <exception cref="SwarmOpsException"><c>OverlayProbeFailed</c>, the transport's errors.</exception>
    public async Task<OverlayProbe?> StartAsync(SwarmNode node, int number)
    {
        var connection = context.Connection(node);
        var name = string.Create(CultureInfo.InvariantCulture, $"swarmops-probe-{session}-{number}");
        names[node] = name;
        try
        {
            var containers = new EngineContainers(connection);
            var id = await CreateAsync(connection, containers, name).ConfigureAwait(false);
            await containers.StartAsync(id, context.CancellationToken).ConfigureAwait(false);
            var running = await containers.InspectAsync(id, context.CancellationToken).ConfigureAwait(false);
            var address = (string?)running["NetworkSettings"]?["Networks"]?[network.Name]?["IPAddress"];
            return string.IsNullOrEmpty(address)
                ? throw OverlayErrors.OverlayProbeFailed(
                    node,
                    "it ended at once and has no address on the network; the host may have no perl",
                    null
                )
                : new OverlayProbe(node, id, name, address);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException api)
        {
            if (IsUnattached(TransportErrors.MessageOf(api)))
                return null;
            throw OverlayErrors.OverlayProbeFailed(node, TransportErrors.MessageOf(api), error);
        }
    }

    /// <summary>Creates the container; where the engine has no image for it yet, that is created first.</summary>
    private async Task<string> CreateAsync(INodeConnection connection, EngineContainers containers, string name)
    {
        try
        {
            return await containers.CreateAsync(Specification(), name, context.CancellationToken).ConfigureAwait(false);
        }
        catch (SwarmOpsException error)
            when (image is null && error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound })
        {
            await ProbeImage.EnsureAsync(connection, context.CancellationToken).ConfigureAwait(false);
            return await containers.CreateAsync(Specification(), name, context.CancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs a probe's test of all others; results by address.</summary>
    /// <exception cref="SwarmOpsException"><c>OverlayProbeFailed</c>, the transport's errors.</exception>
    public async Task<IReadOnlyDictionary<string, ProbeSighting>> TestAsync(OverlayProbe probe, IEnumerable<OverlayProbe> peers)
    {
        var command = new List<string> { "perl", "-e", Program.Value, "test" };
        command.AddRange(peers.Where(peer => peer != probe).Select(peer => $"{peer.Address}={peer.Name}"));
        var output = await ContainerExec
            .RunAsync(
                context.Connection(probe.Node),
                probe.ContainerId,
                command,
                context.CancellationToken,
                lastLine: ProbeSighting.LastLine
            )
            .ConfigureAwait(false);
        return ProbeSighting.Parse(output) ?? throw OverlayErrors.OverlayProbeFailed(probe.Node, $"it returned '{output.Trim()}'", null);
    }

    /// <summary>Removes a probe before the test is over.</summary>
    /// <exception cref="SwarmOpsException">Those of the transport.</exception>
    public Task RemoveAsync(OverlayProbe probe) => RemoveAsync(probe.Node, probe.ContainerId, context.CancellationToken);

    /// <summary>Removes all probes of the network from nodes; errors are ignored at that point.</summary>
    public async Task RemoveAsync(IEnumerable<SwarmNode> nodes)
    {
        using var limit = new CancellationTokenSource(RemovalLimit);
        var here = CallChain.Mark.Here();
        await Task.WhenAll(
                nodes.Select(async node =>
                {
                    try
                    {
                        // By name first: after Ctrl+C there may be time for one request only, and the engine completes it by itself.
                        var own = names.TryGetValue(node, out var name)
                            ? CallChain.BesideAsync(() => RemoveAsync(node, name, limit.Token), here)
                            : Task.CompletedTask;
                        await Task.WhenAll(own, CallChain.BesideAsync(() => RemoveOthersAsync(node, name, limit.Token), here))
                            .ConfigureAwait(false);
                    }
                    catch (Exception error) when (error is SwarmOpsException or OperationCanceledException)
                    {
                        context.WriteVerbose(
                            $"{node.Name}: could not remove the probe, which ends by itself within {Life.TotalMinutes:0} minutes: {error.Message}"
                        );
                    }
                })
            )
            .ConfigureAwait(false);
    }

    /// <summary>Removes the probes of interrupted runs.</summary>
    private async Task RemoveOthersAsync(SwarmNode node, string? own, CancellationToken cancellationToken)
    {
        var filters = new Dictionary<string, IEnumerable<string>> { ["label"] = [$"{Label}={network.Id}"] };
        var found = await new EngineContainers(context.Connection(node))
            .ListAsync(filters, all: true, cancellationToken)
            .ConfigureAwait(false);
        foreach (var container in found.Where(container => own is null || !IsNamed(container, own)))
            await RemoveAsync(node, (string?)container["Id"] ?? "", cancellationToken).ConfigureAwait(false);
    }

    private async Task RemoveAsync(SwarmNode node, string container, CancellationToken cancellationToken)
    {
        try
        {
            await new EngineContainers(context.Connection(node)).RemoveAsync(container, cancellationToken).ConfigureAwait(false);
        }
        catch (SwarmOpsException error)
            when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound or HttpStatusCode.Conflict })
        {
            // It is already being removed.
        }
    }

    private static bool IsNamed(JsonNode container, string name) =>
        container["Names"] is JsonArray names && names.Any(given => ((string?)given)?.TrimStart('/') == name);

    /// <summary>Engine 20.10: "Could not attach to network internal: context deadline exceeded"; later ones: "attaching to network failed, ...: context deadline exceeded".</summary>
    private static bool IsUnattached(string message) =>
        message.Contains("attach", StringComparison.OrdinalIgnoreCase) && TransportErrors.IsDeadline(message);

    private JsonObject Specification()
    {
        var host = new JsonObject
        {
            ["AutoRemove"] = true,
            ["NetworkMode"] = network.Name,
            ["CapDrop"] = new JsonArray("ALL"),
            ["CapAdd"] = new JsonArray("NET_RAW"),
        };
        if (image is null)
            host["Mounts"] = new JsonArray(
                new JsonObject
                {
                    ["Type"] = "bind",
                    ["Source"] = "/usr",
                    ["Target"] = "/usr",
                    ["ReadOnly"] = true,
                }
            );
        return new JsonObject
        {
            ["Image"] = image ?? $"{ProbeImage.Name}:{ProbeImage.Tag}",
            ["Entrypoint"] = new JsonArray("perl", "-e", Program.Value, "serve", Life.TotalSeconds.ToString(CultureInfo.InvariantCulture)),
            ["User"] = "0",
            ["Env"] = new JsonArray("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
            ["Labels"] = new JsonObject { [Label] = network.Id },
            ["HostConfig"] = host,
            ["NetworkingConfig"] = new JsonObject { ["EndpointsConfig"] = new JsonObject { [network.Name] = new JsonObject() } },
        };
    }
}
