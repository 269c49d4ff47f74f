namespace SwarmOps.Stacks.Specification;

/// <summary>Ids and names in the swarm of the secrets and configs of a stack, by their keys.</summary>
internal sealed record StackReferences(
    IReadOnlyDictionary<string, (string Id, string Name)> Secrets,
    IReadOnlyDictionary<string, (string Id, string Name)> Configs
);
