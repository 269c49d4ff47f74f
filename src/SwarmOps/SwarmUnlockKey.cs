using System.Security;

namespace SwarmOps;

/// <summary>The key that managers of a swarm with autolock need after a restart.</summary>
/// <param name="SwarmId">The swarm's id.</param>
/// <param name="UnlockKey">The key, such as <c>SWMKEY-1-...</c>. Keep it in a vault: without it a restarted manager is lost.</param>
public sealed record SwarmUnlockKey(string SwarmId, SecureString UnlockKey)
{
    /// <summary>Without the key.</summary>
    public override string ToString() => $"unlock key of swarm {SwarmId}";
}
