namespace SwarmOps;

/// <summary>An error with a documented id and the next step to take; becomes a PowerShell error record as it is.</summary>
public sealed class SwarmOpsException : Exception
{
    /// <summary>Makes an error.</summary>
    /// <param name="errorId">The documented id (docs/errors.md).</param>
    /// <param name="kind">What sort of trouble it is.</param>
    /// <param name="message">What is wrong, in one or two sentences, without secrets.</param>
    /// <param name="recommendedAction">What to do, as a sentence or a command to type.</param>
    /// <param name="target">The object it is about.</param>
    /// <param name="innerException">What caused it.</param>
    public SwarmOpsException(string errorId, ErrorKind kind, string message, string recommendedAction, object? target = null, Exception? innerException = null)
        : base(message, innerException)
    {
        ErrorId = errorId;
        Kind = kind;
        RecommendedAction = recommendedAction;
        Target = target;
    }

    /// <summary>The documented id (docs/errors.md), the first part of PowerShell's <c>FullyQualifiedErrorId</c>.</summary>
    public string ErrorId { get; }

    /// <summary>What sort of trouble it is.</summary>
    public ErrorKind Kind { get; }

    /// <summary>What to do, as a sentence or a command to type.</summary>
    public string RecommendedAction { get; }

    /// <summary>The object it is about, most often a node.</summary>
    public object? Target { get; }
}
