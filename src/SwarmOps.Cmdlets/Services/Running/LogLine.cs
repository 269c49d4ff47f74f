namespace SwarmOps.Services.Running;

/// <summary>A log line from the engine.</summary>
internal sealed record LogLine(DateTime Time, string NodeId, string TaskId, string Stream, string Message);
