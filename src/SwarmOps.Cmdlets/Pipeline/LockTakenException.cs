namespace SwarmOps.Pipeline;

/// <summary>Ends a cmdlet's first read at the moment its lock was taken: what was read before is not trusted, and the work starts over. Never leaves <see cref="ChangeScope"/>.</summary>
internal sealed class LockTakenException() : Exception("The lock was taken; the work starts over.");
