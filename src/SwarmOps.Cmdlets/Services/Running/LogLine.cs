namespace SwarmOps.Services.Running;

/// <summary>A line of a log as the engine gives it.</summary>
internal sealed record LogLine(DateTime Time, string NodeId, string TaskId, string Stream, string Message);
