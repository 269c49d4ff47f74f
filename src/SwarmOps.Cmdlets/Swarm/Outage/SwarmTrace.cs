using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Docker.DotNet.Models;

namespace SwarmOps.Swarm.Outage;

/// <summary>What the state directory of an engine's swarm component says: the engine itself does not say who it is while it is in error.</summary>
internal sealed record SwarmTrace
{
    private const string OrganizationOid = "2.5.4.10";
    private const string CommonNameOid = "2.5.4.3";

    /// <summary>Whether the directory holds anything.</summary>
    public bool IsHeld { get; init; }

    /// <summary>Where it is.</summary>
    public string Path { get; init; } = "";

    /// <summary>The node's id by its certificate; null when it was never given one.</summary>
    public string? NodeId { get; init; }

    /// <summary>The id of its swarm by its certificate.</summary>
    public string? SwarmId { get; init; }

    /// <summary>Whether it holds a log of the raft: the swarm's secrets, configs and services.</summary>
    public bool HoldsRaft { get; init; }

    /// <summary>Whether a join was begun and never came to its end; null when that is not recorded.</summary>
    public bool? IsJoinUnfinished { get; init; }

    /// <summary>The swarm's managers as it last knew them.</summary>
    public IReadOnlyList<Peer> Managers { get; init; } = [];

    /// <summary>Reads what <see cref="SwarmTraceReader"/> was told by the host.</summary>
    public static SwarmTrace Parse(string output)
    {
        var certificate = output.IndexOf("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal);
        var lines = (certificate < 0 ? output : output[..certificate]).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
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

    private static string? After(IEnumerable<string> lines, string word) => lines.FirstOrDefault(line => line.StartsWith(word, StringComparison.Ordinal))?[word.Length..];

    private static IReadOnlyList<Peer> ParseManagers(string? json)
    {
        if (string.IsNullOrWhiteSpace(json))
            return [];
        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. document.RootElement.EnumerateArray().Select(peer => new Peer { NodeID = Text(peer, "node_id"), Addr = Text(peer, "addr") })];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // A file that was cut short says nothing; the certificate may.
            return [];
        }
    }

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    /// <summary>swarmkit writes the node's id as the common name and the swarm's as the organization.</summary>
    private SwarmTrace WithIdentity(string pem)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            var names = certificate.SubjectName.EnumerateRelativeDistinguishedNames().ToLookup(name => name.GetSingleElementType().Value, name => name.GetSingleElementValue());
            return this with { NodeId = names[CommonNameOid].FirstOrDefault(), SwarmId = names[OrganizationOid].FirstOrDefault() };
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return this;
        }
    }
}
