namespace SwarmOps.Services.Stored;

/// <summary>Completes the names of a swarm's secrets.</summary>
public sealed class SecretNameCompleter : StoredNameCompleter
{
    /// <inheritdoc/>
    private protected override StoredKind Kind => StoredKind.Secret;
}
