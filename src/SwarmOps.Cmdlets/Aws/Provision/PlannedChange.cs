namespace SwarmOps.Aws.Provision;

/// <summary>A change, as <c>-WhatIf</c> prints it and <c>-Confirm</c> asks for it.</summary>
/// <param name="Target">What is changed.</param>
/// <param name="Action">What is done to it.</param>
/// <param name="Node">The node for which it is done; null for what the whole region, or the whole cluster, needs.</param>
internal sealed record PlannedChange(string Target, string Action, NodePlan? Node = null);
