namespace SwarmOps.Pipeline;

/// <summary>A progress record.</summary>
/// <param name="Id">Id of the record: the same id replaces it. 0 is the cmdlet's own, others are nodes below it.</param>
/// <param name="Activity">What is being done.</param>
/// <param name="Status">The present step.</param>
/// <param name="PercentComplete">0 to 100, or -1 when unknown.</param>
/// <param name="Completed">Whether the activity is complete.</param>
internal sealed record OperationProgress(int Id, string Activity, string Status, int PercentComplete = -1, bool Completed = false);
