namespace SwarmOps.Services.Tasks;

/// <summary>A command wrote more than is kept.</summary>
internal sealed class OutputLimitException() : Exception("The command wrote more than is kept.");
