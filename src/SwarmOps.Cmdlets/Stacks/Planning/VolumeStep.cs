namespace SwarmOps.Stacks.Planning;

/// <summary>A volume that no node has yet: the tasks create it, each on its node.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Driver">Its driver.</param>
internal sealed record VolumeStep(string Name, string Driver);
