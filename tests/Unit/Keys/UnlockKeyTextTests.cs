using System.Net;
using SwarmOps.Swarm.Keys;

namespace SwarmOps.Tests.Unit.Keys;

/// <summary>An unlock key is checked before it is sent to any engine.</summary>
public sealed class UnlockKeyTextTests
{
    private const string Key = "SWMKEY-1-7c37Cc8654o6p38HnroywCi19pllOnGtbdZEgtKxZu8";

    [Theory]
    [InlineData(Key)]
    [InlineData($" {Key}\n")]
    public void A_key_is_read_also_with_space_around_it(string text) =>
        Assert.Equal(Key, UnlockKeyText.Of(new NetworkCredential("", text).SecurePassword));

    [Theory]
    [InlineData("")]
    [InlineData("SWMKEY-1-short")]
    [InlineData("SWMTKN-1-7c37Cc8654o6p38HnroywCi19pllOnGtbdZEgtKxZu8")]
    [InlineData("SWMKEY-2-7c37Cc8654o6p38HnroywCi19pllOnGtbdZEgtKxZu8")]
    public void Anything_else_is_refused_and_not_shown(string text)
    {
        var error = Assert.Throws<SwarmOpsException>(() => UnlockKeyText.Of(new NetworkCredential("", text).SecurePassword));
        Assert.Equal(nameof(SwarmKeyErrors.UnlockKeyInvalid), error.ErrorId);
        Assert.True(text.Length == 0 || !error.Message.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_hidden_key_is_the_same_key() => Assert.Equal(Key, UnlockKeyText.Of(UnlockKeyText.Hide(Key)));
}
