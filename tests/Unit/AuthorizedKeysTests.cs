using SwarmOps.Nodes.Keys;

namespace SwarmOps.Tests.Unit;

/// <summary>One key in, another one out, and everything else in the file as it was.</summary>
public sealed class AuthorizedKeysTests
{
    // Public keys of nobody: type and 32 bytes, as ssh-keygen writes them.
    private static readonly SshPublicKey Old = Key(1);
    private static readonly SshPublicKey New = Key(2);
    private static readonly SshPublicKey Other = Key(3);

    [Fact]
    public void The_type_is_in_the_key() => Assert.Equal("ssh-ed25519", Old.Type);

    [Theory]
    [InlineData("")]
    [InlineData("from=\"192.0.2.1\",no-pty ")]
    [InlineData("command=\"echo \\\"a # b\\\"\" ")]
    public void The_new_key_gets_the_options_of_the_old_one(string options)
    {
        var before = new AuthorizedKeys($"# ours\n{Other.Type} {Other.Data} admin@example\n{options}{Old.Type} {Old.Data} me");

        var both = before.With(New, Old);
        var alone = both.Without(Old);

        Assert.True(both.Has(Old) && both.Has(New) && both.Has(Other));
        Assert.Equal(before.Text + $"\n{options}{New.Type} {New.Data} swarmops\n", both.Text);
        Assert.Equal($"# ours\n{Other.Type} {Other.Data} admin@example\n{options}{New.Type} {New.Data} swarmops\n", alone.Text);
    }

    [Fact]
    public void A_key_in_a_comment_or_in_part_is_none()
    {
        Assert.False(new AuthorizedKeys($"#{Old.Type} {Old.Data}\n").Has(Old));
        Assert.False(new AuthorizedKeys($"{Old.Type} {Old.Data[..^4]}\n").Has(Old));
        Assert.False(new AuthorizedKeys("").Has(Old));
        Assert.True(new AuthorizedKeys($"\t{Old.Type}  {Old.Data}").Has(Old));
    }

    [Fact]
    public void A_key_that_stands_twice_goes_twice() =>
        Assert.Equal(
            $"{New.Type} {New.Data}\n",
            new AuthorizedKeys($"{Old.Type} {Old.Data}\n{New.Type} {New.Data}\nno-pty {Old.Type} {Old.Data} x\n").Without(Old).Text
        );

    private static SshPublicKey Key(byte fill)
    {
        byte[] type = [0, 0, 0, 11, .. "ssh-ed25519"u8];
        return new SshPublicKey(Convert.ToBase64String([.. type, 0, 0, 0, 32, .. Enumerable.Repeat(fill, 32)]));
    }
}
