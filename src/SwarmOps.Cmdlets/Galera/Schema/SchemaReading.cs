namespace SwarmOps.Galera.Schema;

/// <summary>A table or sequence.</summary>
/// <param name="Database">Its database.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">TABLE_TYPE: BASE TABLE, SEQUENCE, SYSTEM VERSIONED.</param>
/// <param name="Engine">Its engine; empty if the server cannot open it.</param>
/// <param name="Bytes">Size of data and indexes.</param>
/// <param name="NextAutoIncrement">The next AUTO_INCREMENT value; 0 for none.</param>
/// <param name="Comment">Its comment, or why the server cannot open it.</param>
internal sealed record SchemaTable(
    string Database,
    string Name,
    string Type,
    string Engine,
    long Bytes,
    decimal NextAutoIncrement,
    string Comment
)
{
    public bool IsSequence => Type == "SEQUENCE";
}

/// <summary>A routine, trigger or event.</summary>
/// <param name="Kind">PROCEDURE, FUNCTION, TRIGGER, EVENT.</param>
/// <param name="Database">Its database.</param>
/// <param name="Name">Its name.</param>
/// <param name="Text">Its body; null if the account may not read it.</param>
/// <param name="Status">Status of an event on this node: ENABLED, DISABLED, SLAVESIDE_DISABLED; otherwise empty.</param>
internal sealed record SchemaCode(string Kind, string Database, string Name, string? Text, string Status = "");

/// <summary>A statement that applications ran on this node, normalized by performance_schema.</summary>
/// <param name="Database">The database that was current.</param>
/// <param name="Count">How often it ran since the server's start.</param>
/// <param name="Rows">Rows changed, over all runs.</param>
/// <param name="Text">The statement without its values.</param>
internal sealed record SchemaStatement(string Database, decimal Count, decimal Rows, string Text);

/// <summary>A foreign key that changes rows of its table when rows of the referenced table change.</summary>
internal sealed record SchemaForeignKey(
    string Database,
    string Table,
    string Name,
    string ParentDatabase,
    string Parent,
    string UpdateRule,
    string DeleteRule
);

/// <summary>An AUTO_INCREMENT column.</summary>
internal sealed record SchemaCounter(string Database, string Table, string Column, string ColumnType);

/// <summary>Step and cache of a sequence.</summary>
internal sealed record SchemaSequence(string Database, string Name, decimal Increment, decimal Cache);

/// <summary>What one node's server reports about itself and its schema.</summary>
internal sealed class SchemaReading
{
    public required string Node { get; init; }

    public required string Version { get; init; }

    /// <summary>Server variables and status, by lower-case name.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Global privileges of the account.</summary>
    public IReadOnlySet<string> Privileges { get; init; } = new HashSet<string>();

    public IReadOnlyList<string> Databases { get; init; } = [];

    public IReadOnlyList<SchemaTable> Tables { get; init; } = [];

    /// <summary>Tables with a primary key, or a unique key over columns that cannot be null, which InnoDB uses as one.</summary>
    public IReadOnlySet<(string Database, string Table)> Keyed { get; init; } = new HashSet<(string, string)>();

    /// <summary>Checksums of columns and indexes, by table.</summary>
    public IReadOnlyDictionary<(string Database, string Table), string> Checksums { get; init; } =
        new Dictionary<(string, string), string>();

    public IReadOnlyList<SchemaCounter> Counters { get; init; } = [];

    public IReadOnlyList<SchemaForeignKey> ForeignKeys { get; init; } = [];

    public IReadOnlyList<SchemaCode> Code { get; init; } = [];

    public IReadOnlyList<SchemaStatement> Statements { get; init; } = [];

    /// <summary>Rows written since the server's start, by table.</summary>
    public IReadOnlyDictionary<(string Database, string Table), decimal> Writes { get; init; } =
        new Dictionary<(string, string), decimal>();

    public IReadOnlyList<SchemaSequence> Sequences { get; init; } = [];

    /// <summary>Why the recorded statements could not be read; null if they could.</summary>
    public string? StatementsHidden { get; init; }

    /// <summary>Whether performance_schema records statements and writes, and they were read.</summary>
    public bool HasStatements => StatementsHidden is null && Is("performance_schema") && Is("statements_digest");

    /// <summary>How long the server has run.</summary>
    public TimeSpan Uptime => TimeSpan.FromSeconds((double)Number("uptime"));

    /// <summary>Text of a variable; empty if the server does not have it.</summary>
    public string Text(string name) => Variables.GetValueOrDefault(name, "");

    /// <summary>Whether a variable is on.</summary>
    public bool Is(string name) => Text(name).ToUpperInvariant() is "ON" or "1" or "YES";

    /// <summary>A variable as a number; 0 if it is none.</summary>
    public decimal Number(string name) => SchemaQuery.Number(Text(name));
}
