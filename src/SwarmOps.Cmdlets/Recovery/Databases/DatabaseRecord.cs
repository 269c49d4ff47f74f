using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SwarmOps.Recovery.Databases;

/// <summary>What a backup of a database is of: the first entry of its file, <c>database.json</c>, and an entry of the manifest of the swarm's backup.</summary>
internal sealed record DatabaseRecord
{
    /// <summary>The version of the file that this module writes.</summary>
    public const int CurrentVersion = 1;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Version of the file.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Name of the cluster.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>The swarm that runs it.</summary>
    public string SwarmId { get; init; } = "";

    /// <summary>When the backup was begun, in UTC.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>Name of the host of the node that was backed up.</summary>
    public string Node { get; init; } = "";

    /// <summary>State UUID of the cluster.</summary>
    public string Uuid { get; init; } = "";

    /// <summary>Seqno of the last transaction in the backup; without a trial, of the last one before it began.</summary>
    public long Seqno { get; init; }

    /// <summary>Version of the server.</summary>
    public string ServerVersion { get; init; } = "";

    /// <summary>The image that the node ran.</summary>
    public string Image { get; init; } = "";

    /// <summary>The data directory on the hosts.</summary>
    public string DataPath { get; init; } = "";

    /// <summary>Whether <c>mariadb-backup --prepare</c> made a database of it.</summary>
    public bool IsTried { get; init; }

    /// <summary>Size of the stream in bytes.</summary>
    public long StreamBytes { get; init; }

    /// <summary>SHA-256 checksum of the stream, hexadecimal.</summary>
    public string StreamSha256 { get; init; } = "";

    /// <summary>Name of the file; null within it.</summary>
    public string? File { get; init; }

    /// <summary>SHA-256 checksum of the file, hexadecimal; null within it.</summary>
    public string? FileSha256 { get; init; }

    /// <summary>As JSON.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <summary>Reads it.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    public static DatabaseRecord Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<DatabaseRecord>(json, Options) ?? throw new JsonException("The record is empty.");

    /// <summary>Reads UUID and seqno as Galera writes them, <c>uuid:seqno</c>.</summary>
    public static (string Uuid, long Seqno)? Position(string? text) =>
        text?.Split(':') is [var uuid, var number]
        && Guid.TryParseExact(uuid, "D", out var id)
        && id != Guid.Empty
        && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var seqno)
            ? (uuid, seqno)
            : null;
}
