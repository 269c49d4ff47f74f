using SwarmOps.Services.Tasks.Terminal;

namespace SwarmOps.Tests.Unit;

/// <summary>The keys that leave a task.</summary>
public sealed class LeaveKeysTests
{
    private readonly LeaveKeys keys = new();

    [Theory]
    [InlineData("ls\u0003\u0011")]
    [InlineData("")]
    public void Other_keys_are_the_programs_at_once(string typed) => Assert.Equal(typed, Take(typed, 0));

    [Fact]
    public void Two_leave_at_once_or_one_after_the_other()
    {
        Assert.Null(Take("ab\u001d\u001d", 0));

        var later = new LeaveKeys();
        Assert.Equal("", Take("\u001d", 0, later));
        Assert.Null(Take("\u001d", 400, later));
    }

    [Fact]
    public void One_is_the_programs_after_another_key_or_half_a_second()
    {
        Assert.Equal("", Take("\u001d", 0));
        Assert.Equal("\u001dx", Take("x", 100));
        Assert.Equal("", Take("\u001d", 200));
        Assert.Equal("", Take("", 600));
        Assert.Equal("\u001d", Take("", 701));
        Assert.Equal("", Take("\u001d", 800));
        Assert.Equal("\u001d", Take("\u001d", 1400));
    }

    private string? Take(string typed, long now, LeaveKeys? by = null) =>
        (by ?? keys).Take(System.Text.Encoding.ASCII.GetBytes(typed), now) is { } kept ? System.Text.Encoding.ASCII.GetString(kept) : null;
}
