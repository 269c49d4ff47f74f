namespace SwarmOps.Pipeline;

/// <summary>Ends a stage's first look at the moment its lock was taken: what it saw before is not trusted, and the stage begins again. Never leaves <see cref="ChangeScope"/>.</summary>
internal sealed class LockTakenException() : Exception("The lock was taken; the stage begins again.");
