using SwarmOps.Swarm;

namespace SwarmOps.Aws.Provision;

/// <summary>The pauses between two looks at something that takes minutes: longer from one to the next, so that EC2's rate limits are not used up by waiting.</summary>
internal sealed class Pauses(Deadline deadline, CancellationToken cancellationToken)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private TimeSpan next = First;

    /// <summary>Waits.</summary>
    /// <returns>False, at once, when the time is up.</returns>
    public async Task<bool> NextAsync()
    {
        if (!deadline.LeavesTimeFor(next))
            return false;
        await Task.Delay(next, cancellationToken).ConfigureAwait(false);
        next = next * 1.3 < Longest ? next * 1.3 : Longest;
        return true;
    }
}
