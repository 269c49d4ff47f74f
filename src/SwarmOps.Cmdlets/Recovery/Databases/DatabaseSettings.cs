using System.Net;
using SwarmOps.Pipeline;

namespace SwarmOps.Recovery.Databases;

/// <summary>Which databases are backed up, and how.</summary>
/// <param name="Clusters">Names of Galera clusters; none backs up no database.</param>
internal sealed record DatabaseSettings(IReadOnlyList<NameFilter> Clusters) : ThrottledRequest
{
    /// <summary>Name of the host of the node that is backed up; null chooses one.</summary>
    public string? On { get; init; }

    /// <summary>A database account that may back up and desync; null for root with the cluster's secret.</summary>
    public NetworkCredential? Login { get; init; }

    /// <summary>Whether no trial is made.</summary>
    public bool SkipTrial { get; init; }

    /// <summary>How long the backup of one database may take.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromHours(12);

    /// <summary>How long to wait for a node to be Synced again.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Variables of the scripts that query the server.</summary>
    public Dictionary<string, string> Account() =>
        Login is null ? [] : new() { ["GALERA_SQL_USER"] = Login.UserName, ["GALERA_SQL_PASSWORD"] = Login.Password };
}
