namespace SwarmOps.Aws.Provision;

/// <summary>A change, as shown by <c>-WhatIf</c> and <c>-Confirm</c>.</summary>
/// <param name="Target">What is changed.</param>
/// <param name="Action">What is done to it.</param>
/// <param name="Node">The node concerned; null for a change of the whole region or cluster.</param>
internal sealed record PlannedChange(string Target, string Action, NodePlan? Node = null);
