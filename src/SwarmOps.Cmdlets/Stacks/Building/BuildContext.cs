using SwarmOps.Stacks.Reading;
using SwarmOps.Stacks.Rules;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Building;

/// <summary>What the parts of a definition are built with.</summary>
internal sealed record BuildContext(IStackFiles Files, StackProblems Problems, bool AllowIgnored)
{
    /// <summary>Reports something that a swarm cannot honour, which the table does not know as a key.</summary>
    public void Refuse(SourcePosition at, string path, string why, string remedy) =>
        SupportCheck.Refuse(Problems, AllowIgnored, at, path, why, remedy);
}
