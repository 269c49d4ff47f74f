namespace SwarmOps;

/// <summary>What came of a command in the container of a running task.</summary>
public sealed record SwarmTaskResult
{
    /// <summary>Name of the task: the service, and the slot or node.</summary>
    public string Task { get; init; } = "";

    /// <summary>Id of the task.</summary>
    public string TaskId { get; init; } = "";

    /// <summary>Name of the service.</summary>
    public string Service { get; init; } = "";

    /// <summary>Name of the node.</summary>
    public string? Node { get; init; }

    /// <summary>The node's label <c>region</c>.</summary>
    public string? Region { get; init; }

    /// <summary>Id of the container.</summary>
    public string ContainerId { get; init; } = "";

    /// <summary>Exit code of the command; 0 is success.</summary>
    public int ExitCode { get; init; }

    /// <summary>What the command wrote to its standard output, without the last line end.</summary>
    public string Output { get; init; } = "";

    /// <summary>What the command wrote to its standard error, without the last line end.</summary>
    public string ErrorOutput { get; init; } = "";

    /// <summary>How long the command took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The output.</summary>
    public override string ToString() => Output;
}
