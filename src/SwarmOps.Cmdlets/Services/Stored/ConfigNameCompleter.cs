namespace SwarmOps.Services.Stored;

/// <summary>Completes the names of a swarm's configs.</summary>
public sealed class ConfigNameCompleter : StoredNameCompleter
{
    /// <inheritdoc/>
    private protected override StoredKind Kind => StoredKind.Config;
}
