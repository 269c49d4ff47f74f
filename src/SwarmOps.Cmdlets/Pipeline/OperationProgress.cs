namespace SwarmOps.Pipeline;

/// <summary>A line of progress.</summary>
/// <param name="Id">Which line: the same id replaces the line. 0 is the stage's own, others are nodes below it.</param>
/// <param name="Activity">What is being done.</param>
/// <param name="Status">How far it is, in words.</param>
/// <param name="PercentComplete">0 to 100, or -1 when it is not known.</param>
/// <param name="Completed">Whether the line can go.</param>
internal sealed record OperationProgress(int Id, string Activity, string Status, int PercentComplete = -1, bool Completed = false);
