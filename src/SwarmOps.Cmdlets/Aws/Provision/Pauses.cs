using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Provision;

/// <summary>Pauses for polling something that takes minutes: increasing, so that polling does not exhaust EC2's rate limits.</summary>
internal sealed class Pauses(Deadline deadline, CancellationToken cancellationToken)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private TimeSpan next = First;

    /// <summary>Waits for the next pause.</summary>
    /// <returns>False, immediately, if the time limit is reached.</returns>
    public async Task<bool> NextAsync()
    {
        if (!deadline.LeavesTimeFor(next))
            return false;
        await Task.Delay(next, cancellationToken).ConfigureAwait(false);
        next = next * 1.3 < Longest ? next * 1.3 : Longest;
        return true;
    }
}
