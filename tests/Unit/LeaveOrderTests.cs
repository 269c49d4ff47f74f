using SwarmOps.Swarm.Members;

namespace SwarmOps.Tests.Unit;

/// <summary>Who may leave at once: three have to listen to each.</summary>
public sealed class LeaveOrderTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 0)]
    [InlineData(3, 0, 0)]
    [InlineData(30, 0, 27)]
    [InlineData(2, 1, 0)]
    [InlineData(9, 1, 7)]
    [InlineData(2, 2, 1)]
    [InlineData(1, 3, 1)]
    [InlineData(20, 3, 20)]
    [InlineData(5, 40, 5)]
    public void As_many_leave_at_once_as_leave_three_to_listen(int leaving, int staying, int together) =>
        Assert.Equal(together, LeaveOrder.Together(leaving, staying));
}
