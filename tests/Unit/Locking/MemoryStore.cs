using System.Globalization;
using SwarmOps.Swarm.Locking;

namespace SwarmOps.Tests.Unit.Locking;

/// <summary>A place for a lock in memory, which can stop answering.</summary>
internal sealed class MemoryStore(string place = "the test") : ILockStore
{
    private int version;

    public LockHolder? Holder { get; set; }

    public bool Answers { get; set; } = true;

    /// <summary>The next attempt is carried out, and its answer does not come.</summary>
    public bool LosesAnswer { get; set; }

    public int Renewals { get; private set; }

    public string Place => place;

    public string ByHand => "nothing";

    public Task<LockSight?> TryTakeAsync(LockHolder holder, LockSight? stale, CancellationToken cancellationToken)
    {
        RequireAnswer();
        lock (this)
        {
            if (Holder is not null && stale?.Fingerprint != version.ToString(CultureInfo.InvariantCulture))
                return Task.FromResult<LockSight?>(new LockSight(version.ToString(CultureInfo.InvariantCulture), Holder));
            (Holder, version) = (holder, version + 1);
            if (LosesAnswer)
                throw new OperationCanceledException();
            return Task.FromResult<LockSight?>(null);
        }
    }

    public Task<string?> RenewAsync(LockHolder holder, CancellationToken cancellationToken)
    {
        RequireAnswer();
        lock (this)
        {
            if (Holder?.Token != holder.Token)
                return Task.FromResult<string?>("someone else has it");
            version++;
            Renewals++;
            return Task.FromResult<string?>(null);
        }
    }

    public Task ReleaseAsync(LockHolder holder, CancellationToken cancellationToken)
    {
        RequireAnswer();
        lock (this)
        {
            if (Holder?.Token == holder.Token)
                Holder = null;
        }

        return Task.CompletedTask;
    }

    private void RequireAnswer()
    {
        if (!Answers)
            throw new SwarmOpsException("NodeUnreachable", ErrorKind.Connection, "It does not answer.", "Wait.");
    }
}
