using System.Text.Json;
using System.Text.Json.Serialization;
using SwarmOps.Recovery.Databases;

namespace SwarmOps.Recovery.Archive;

/// <summary>What a backup contains: the first entry of its archive, <c>manifest.json</c>.</summary>
internal sealed record BackupManifest
{
    /// <summary>The version of the archive that this module writes.</summary>
    public const int CurrentVersion = 1;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Version of the archive.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The swarm's id.</summary>
    public string SwarmId { get; init; } = "";

    /// <summary>When the state was copied, in UTC.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>How the engine was held meanwhile.</summary>
    public SwarmBackupMethod Method { get; init; }

    /// <summary>How long it was held, in milliseconds.</summary>
    public long HeldMilliseconds { get; init; }

    /// <summary>Id of the manager whose state was copied.</summary>
    public string NodeId { get; init; } = "";

    /// <summary>Version of its engine.</summary>
    public string EngineVersion { get; init; } = "";

    /// <summary>SHA-256 checksum of <c>state.tar.gz</c>, hexadecimal.</summary>
    public string StateSha256 { get; init; } = "";

    /// <summary>Size of <c>state.tar.gz</c> in bytes.</summary>
    public long StateBytes { get; init; }

    /// <summary>Whether a scratch engine made a swarm of the state.</summary>
    public bool IsTried { get; init; }

    /// <summary>Whether the managers' keys are locked; the unlock key is in the archive then.</summary>
    public bool AutoLock { get; init; }

    /// <summary>UDP port of overlay networks.</summary>
    public uint DataPathPort { get; init; }

    /// <summary>Address pools of overlay networks.</summary>
    public IReadOnlyList<string> AddressPools { get; init; } = [];

    /// <summary>Length of the prefix of each overlay network that gets a subnet from the pools.</summary>
    public uint SubnetSize { get; init; }

    /// <summary>The members.</summary>
    public IReadOnlyList<BackedUpNode> Nodes { get; init; } = [];

    /// <summary>What the raft log holds, by kind: service, network, secret, config.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<BackedUpObject>> Objects { get; init; } =
        new Dictionary<string, IReadOnlyList<BackedUpObject>>();

    /// <summary>The databases that were backed up with it, each in a file of its own.</summary>
    public IReadOnlyList<DatabaseRecord> Databases { get; init; } = [];

    /// <summary>The managers.</summary>
    [JsonIgnore]
    public IReadOnlyList<BackedUpNode> Managers => [.. Nodes.Where(node => node.IsManager)];

    /// <summary>The objects of one kind.</summary>
    public IReadOnlyList<BackedUpObject> Of(string kind) => Objects.GetValueOrDefault(kind, []);

    /// <summary>As JSON.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <summary>Reads it.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    public static BackupManifest Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<BackupManifest>(json, Options) ?? throw new JsonException("The manifest is empty.");
}

/// <summary>A member of a swarm in a backup.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name in the node set, or its host name.</param>
/// <param name="Hostname">Its host name.</param>
/// <param name="IsManager">Whether it was a manager.</param>
/// <param name="Address">The address that it advertised, without a port; empty when unknown.</param>
/// <param name="Availability">active, pause or drain.</param>
/// <param name="Labels">Its labels.</param>
internal sealed record BackedUpNode(
    string Id,
    string Name,
    string Hostname,
    bool IsManager,
    string Address,
    string Availability,
    IReadOnlyDictionary<string, string> Labels
);

/// <summary>A service, network, secret or config in a backup.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
internal sealed record BackedUpObject(string Id, string Name);
