using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

public sealed class TransportKnownHostsTests : IDisposable
{
    private static readonly byte[] Key = [1, 2, 3];
    private static readonly byte[] OtherKey = [4, 5, 6];
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Theory]
    [InlineData("203.0.113.17", "203.0.113.17", 22)]
    [InlineData("[203.0.113.17]:2222", "203.0.113.17", 2222)]
    [InlineData("*.example.com,203.0.113.*", "203.0.113.9", 22)]
    [InlineData("EU.example.com", "eu.example.com", 22)]
    public void A_host_is_found_by_its_pattern(string pattern, string host, int port) =>
        Assert.Equal(KnownHostMatch.Match, Find($"{pattern} ssh-ed25519 {Convert.ToBase64String(Key)}", host, port));

    [Fact]
    public void A_hashed_name_is_found() =>
        // ssh-keygen -H of "203.0.113.17" with a salt of twenty bytes 0x01.
        Assert.Equal(KnownHostMatch.Match, Find($"{Hashed("203.0.113.17")} ssh-ed25519 {Convert.ToBase64String(Key)}", "203.0.113.17", 22));

    [Fact]
    public void A_negated_pattern_wins() =>
        Assert.Equal(KnownHostMatch.Unknown, Find($"203.0.113.*,!203.0.113.9 ssh-ed25519 {Convert.ToBase64String(Key)}", "203.0.113.9", 22));

    [Fact]
    public void Another_port_is_another_host() =>
        Assert.Equal(KnownHostMatch.Unknown, Find($"[203.0.113.9]:2223 ssh-ed25519 {Convert.ToBase64String(Key)}", "203.0.113.9", 2222));

    [Theory]
    [InlineData("ssh-ed25519")]
    [InlineData("ssh-rsa")]
    public void Another_key_of_a_known_host_is_a_mismatch(string knownType) =>
        Assert.Equal(KnownHostMatch.Mismatch, Find($"203.0.113.9 {knownType} {Convert.ToBase64String(OtherKey)}", "203.0.113.9", 22));

    [Fact]
    public void A_revoked_key_is_refused_even_where_it_is_known_too() => Assert.Equal(
        KnownHostMatch.Revoked,
        Find($"203.0.113.9 ssh-ed25519 {Convert.ToBase64String(Key)}\n@revoked * ssh-ed25519 {Convert.ToBase64String(Key)}", "203.0.113.9", 22));

    [Fact]
    public void An_added_key_is_found_again()
    {
        Assert.True(KnownHostsFile.Read(path).TryAdd("2001:db8::1", 2222, "ssh-ed25519", Key, out _));
        Assert.Equal(KnownHostMatch.Match, KnownHostsFile.Read(path).Find("2001:db8::1", 2222, Key));
    }

    private static string Hashed(string name)
    {
        var salt = Enumerable.Repeat((byte)1, 20).ToArray();
#pragma warning disable CA5350 // OpenSSH's own format.
        return $"|1|{Convert.ToBase64String(salt)}|{Convert.ToBase64String(System.Security.Cryptography.HMACSHA1.HashData(salt, System.Text.Encoding.UTF8.GetBytes(name)))}";
#pragma warning restore CA5350
    }

    private KnownHostMatch Find(string lines, string host, int port)
    {
        File.WriteAllText(path, "# comment\n\n" + lines + "\n");
        return KnownHostsFile.Read(path).Find(host, port, Key);
    }
}
