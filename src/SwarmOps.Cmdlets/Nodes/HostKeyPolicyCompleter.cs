using SwarmOps.Completion;

namespace SwarmOps.Nodes;

/// <summary>Completes the values of <see cref="HostKeyPolicy"/>.</summary>
public sealed class HostKeyPolicyCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
        Enum.GetNames<HostKeyPolicy>().Select(name => new Candidate(name));
}
