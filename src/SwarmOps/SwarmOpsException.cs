using System.Runtime.CompilerServices;

namespace SwarmOps;

/// <summary>An error with a documented id and a recommended action; converted to a PowerShell error record.</summary>
public sealed class SwarmOpsException : Exception
{
    /// <summary>Creates an error.</summary>
    /// <param name="errorId">The documented id (docs/errors).</param>
    /// <param name="kind">The kind of the error.</param>
    /// <param name="message">What happened, in one or two sentences, without secrets.</param>
    /// <param name="recommendedAction">What to do, as a sentence or a command to type.</param>
    /// <param name="target">The object that the error concerns.</param>
    /// <param name="innerException">The cause.</param>
    public SwarmOpsException(
        string errorId,
        ErrorKind kind,
        string message,
        string recommendedAction,
        object? target = null,
        Exception? innerException = null
    )
        : base(message, innerException)
    {
        ErrorId = errorId;
        Kind = kind;
        RecommendedAction = recommendedAction;
        Target = target;
    }

    /// <summary>Creates an error whose id is the name of the method that makes it, so that each id has one factory.</summary>
    /// <param name="kind">The kind of the error.</param>
    /// <param name="message">What happened, in one or two sentences, without secrets.</param>
    /// <param name="recommendedAction">What to do, as a sentence or a command to type.</param>
    /// <param name="target">The object that the error concerns.</param>
    /// <param name="innerException">The cause.</param>
    /// <param name="errorId">The documented id (docs/errors); omit it.</param>
    public SwarmOpsException(
        ErrorKind kind,
        string message,
        string recommendedAction,
        object? target = null,
        Exception? innerException = null,
        [CallerMemberName] string errorId = ""
    )
        : this(errorId, kind, message, recommendedAction, target, innerException) { }

    /// <summary>The documented id (docs/errors), the first part of PowerShell's <c>FullyQualifiedErrorId</c>.</summary>
    public string ErrorId { get; }

    /// <summary>The kind of the error.</summary>
    public ErrorKind Kind { get; }

    /// <summary>What to do, as a sentence or a command to type.</summary>
    public string RecommendedAction { get; }

    /// <summary>The object that the error concerns, most often a node.</summary>
    public object? Target { get; }
}
