using SwarmOps.Pipeline;

namespace SwarmOps.Galera.Schema;

/// <summary>What is known about the schema of a cluster: one reading of each node that could be read.</summary>
internal sealed class SchemaSituation
{
    /// <summary>Name of the cluster.</summary>
    public required string Cluster { get; init; }

    /// <summary>The readings; the first one stands for what is the same on all nodes.</summary>
    public required IReadOnlyList<SchemaReading> Readings { get; init; }

    /// <summary>Nodes with data that could not be read, with the reason.</summary>
    public IReadOnlyDictionary<string, string> Unread { get; init; } = new Dictionary<string, string>();

    /// <summary>The databases to check; all if empty.</summary>
    public IReadOnlyList<NameFilter> Databases { get; init; } = [];

    /// <summary>Size in bytes above which rebuilding a table stalls the cluster for long.</summary>
    public long LargeTable { get; init; } = 1L << 30;

    /// <summary>The reading that stands for what is the same on all nodes.</summary>
    public SchemaReading Any => Readings[0];

    /// <summary>Tables of the databases to check, without sequences.</summary>
    public IReadOnlyList<SchemaTable> Tables => [.. Any.Tables.Where(table => !table.IsSequence && Has(table.Database))];

    /// <summary>Sequences of the databases to check.</summary>
    public IReadOnlyList<SchemaTable> Sequences => [.. Any.Tables.Where(table => table.IsSequence && Has(table.Database))];

    /// <summary>Routines, triggers and events of the databases to check.</summary>
    public IReadOnlyList<SchemaCode> Code => [.. Any.Code.Where(code => Has(code.Database))];

    /// <summary>Whether a database is to be checked.</summary>
    public bool Has(string database) => Databases.Count == 0 || Databases.Any(filter => filter.Matches(database));

    /// <summary>A finding of this cluster.</summary>
    public GaleraFinding Finding(string check, FindingResult result, string detail, string action = "") =>
        new()
        {
            Cluster = Cluster,
            Check = check,
            Result = result,
            Detail = detail,
            RecommendedAction = action,
        };
}
