using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

/// <summary>How long the connections of a pipeline stay open.</summary>
public sealed class ConnectionPoolTests
{
    [Fact]
    public void What_must_still_be_put_right_keeps_the_pool_after_its_last_stage()
    {
        var runspace = Guid.NewGuid();
        var pool = ConnectionPool.Lease(runspace);
        var hold = pool.Hold();

        pool.Release();
        var next = ConnectionPool.Lease(runspace);
        next.Release();
        hold!.Dispose();
        hold.Dispose();

        Assert.Same(pool, next);
        Assert.Null(pool.Hold());
        var fresh = ConnectionPool.Lease(runspace);
        Assert.NotSame(pool, fresh);
        fresh.Release();
    }
}
