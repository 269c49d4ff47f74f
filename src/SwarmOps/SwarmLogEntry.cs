namespace SwarmOps;

/// <summary>One log line of a task.</summary>
public sealed record SwarmLogEntry
{
    /// <summary>When it was written, UTC, by the node's clock; the output of Invoke-SwarmTask by this machine's.</summary>
    public DateTime Time { get; init; }

    /// <summary>Name of the node.</summary>
    public string? Node { get; init; }

    /// <summary>The node's label <c>region</c>.</summary>
    public string? Region { get; init; }

    /// <summary>Id of the task.</summary>
    public string TaskId { get; init; } = "";

    /// <summary>Name of the task: the service, and the slot or node.</summary>
    public string Task { get; init; } = "";

    /// <summary><c>stdout</c> or <c>stderr</c>.</summary>
    public string Stream { get; init; } = "";

    /// <summary>The line, without its newline.</summary>
    public string Message { get; init; } = "";

    /// <summary>The line.</summary>
    public override string ToString() => Message;
}
