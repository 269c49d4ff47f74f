using System.Net;
using SwarmOps.Nodes;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Formation;

/// <summary>
/// Chooses the listen address. With an advertise address that is not the host's own, the engine requires one
/// ("must specify a listening address"): then it is the host's own address.
/// </summary>
internal static class ListenAddressChooser
{
    /// <summary>The listen address for a node, with its port.</summary>
    public static string Choose(SwarmNode node) =>
        node.PrivateAddress is { Length: > 0 } own && own != node.AdvertiseAddress
            ? WithPort(IPAddress.Parse(own))
            : $"0.0.0.0:{SwarmPorts.Control}";

    /// <summary>The host's source address toward its advertise address, read from the host; null when unknown.</summary>
    public static async Task<string?> AskAsync(INodeConnection connection, CancellationToken cancellationToken)
    {
        if (NodeAddress.TryParse(connection.Node.AdvertiseAddress ?? "") is not { } advertised)
            return null;
        var answer = await connection.RunAsync(new NodeCommand($"ip -o route get {advertised}"), cancellationToken).ConfigureAwait(false);
        var words = answer.Output.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var source = Array.IndexOf(words, "src");
        return source >= 0 && source + 1 < words.Length && IPAddress.TryParse(words[source + 1], out var own) ? WithPort(own) : null;
    }

    /// <summary>Whether the engine requires a listen address.</summary>
    public static bool IsAskedFor(SwarmOpsException error) =>
        error.InnerException is Docker.DotNet.DockerApiException api
        && api.ResponseBody?.Contains("listening address", StringComparison.OrdinalIgnoreCase) is true;

    private static string WithPort(IPAddress address) => new IPEndPoint(address, SwarmPorts.Control).ToString();
}
