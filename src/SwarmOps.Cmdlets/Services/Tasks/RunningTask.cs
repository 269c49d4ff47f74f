using SwarmOps.Transport;

namespace SwarmOps.Services.Tasks;

/// <summary>A task whose container can be reached.</summary>
/// <param name="Task">The task.</param>
/// <param name="ContainerId">Its container.</param>
/// <param name="Connection">Its node.</param>
internal sealed record RunningTask(SwarmTask Task, string ContainerId, INodeConnection Connection);
