namespace SwarmOps.Recovery.Naming;

/// <summary>A task whose packets arrive from a node, but whose name does not resolve there.</summary>
/// <param name="Task">The task.</param>
/// <param name="From">Name of the node that does not resolve it.</param>
internal sealed record LostName(TaskName Task, string From);
