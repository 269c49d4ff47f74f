using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Docker.DotNet.Models;

namespace SwarmOps.Swarm.Outage;

/// <summary>The content of an engine's swarm state directory: an engine in error does not report its own id.</summary>
internal sealed record SwarmTrace
{
    private const string OrganizationOid = "2.5.4.10";
    private const string CommonNameOid = "2.5.4.3";

    /// <summary>Whether the directory contains swarm state.</summary>
    public bool IsHeld { get; init; }

    /// <summary>Path of the directory.</summary>
    public string Path { get; init; } = "";

    /// <summary>The node's id from its certificate; null when it has none.</summary>
    public string? NodeId { get; init; }

    /// <summary>The id of its swarm from its certificate.</summary>
    public string? SwarmId { get; init; }

    /// <summary>Whether it contains a raft log: the swarm's secrets, configs and services.</summary>
    public bool HoldsRaft { get; init; }

    /// <summary>Whether a join was started and never completed; null when not recorded.</summary>
    public bool? IsJoinUnfinished { get; init; }

    /// <summary>The swarm's managers as last recorded.</summary>
    public IReadOnlyList<Peer> Managers { get; init; } = [];

    /// <summary>Parses the output of <see cref="SwarmTraceReader"/>.</summary>
    public static SwarmTrace Parse(string output)
    {
        var certificate = output.IndexOf("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal);
        var lines = (certificate < 0 ? output : output[..certificate]).Split(
            '\n',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        var trace = new SwarmTrace
        {
            Path = After(lines, "path ") ?? "",
            IsHeld = lines.Contains("held"),
            HoldsRaft = lines.Contains("raft"),
            Managers = ParseManagers(After(lines, "remotes ")),
            IsJoinUnfinished = After(lines, "join ") switch
            {
                { } said when said.EndsWith("true", StringComparison.Ordinal) => true,
                { } said when said.EndsWith("false", StringComparison.Ordinal) => false,
                _ => null,
            },
        };
        return certificate < 0 ? trace : trace.WithIdentity(output[certificate..]);
    }

    private static string? After(IEnumerable<string> lines, string word) =>
        lines.FirstOrDefault(line => line.StartsWith(word, StringComparison.Ordinal))?[word.Length..];

    private static IReadOnlyList<Peer> ParseManagers(string? json)
    {
        if (string.IsNullOrWhiteSpace(json))
            return [];
        try
        {
            using var document = JsonDocument.Parse(json);
            return
            [
                .. document
                    .RootElement.EnumerateArray()
                    .Select(peer => new Peer { NodeID = Text(peer, "node_id"), Addr = Text(peer, "addr") }),
            ];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // A truncated file is ignored; the certificate may still tell.
            return [];
        }
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    /// <summary>swarmkit writes the node's id as the common name and the swarm's as the organization.</summary>
    private SwarmTrace WithIdentity(string pem)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            var names = certificate
                .SubjectName.EnumerateRelativeDistinguishedNames()
                .ToLookup(name => name.GetSingleElementType().Value, name => name.GetSingleElementValue());
            return this with { NodeId = names[CommonNameOid].FirstOrDefault(), SwarmId = names[OrganizationOid].FirstOrDefault() };
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return this;
        }
    }
}
