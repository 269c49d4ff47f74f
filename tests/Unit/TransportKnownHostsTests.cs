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
        Assert.Equal(
            KnownHostMatch.Unknown,
            Find($"203.0.113.*,!203.0.113.9 ssh-ed25519 {Convert.ToBase64String(Key)}", "203.0.113.9", 22)
        );

    [Fact]
    public void Another_port_is_another_host() =>
        Assert.Equal(KnownHostMatch.Unknown, Find($"[203.0.113.9]:2223 ssh-ed25519 {Convert.ToBase64String(Key)}", "203.0.113.9", 2222));

    [Theory]
    [InlineData("ssh-ed25519")]
    [InlineData("ssh-rsa")]
    public void Another_key_of_a_known_host_is_a_mismatch(string knownType) =>
        Assert.Equal(KnownHostMatch.Mismatch, Find($"203.0.113.9 {knownType} {Convert.ToBase64String(OtherKey)}", "203.0.113.9", 22));

    [Fact]
    public void A_revoked_key_is_refused_even_where_it_is_known_too() =>
        Assert.Equal(
            KnownHostMatch.Revoked,
            Find(
                $"203.0.113.9 ssh-ed25519 {Convert.ToBase64String(Key)}\n@revoked * ssh-ed25519 {Convert.ToBase64String(Key)}",
                "203.0.113.9",
                22
            )
        );

    [Fact]
    public void An_added_key_is_found_again()
    {
        Assert.True(KnownHostsFile.Read(path).TryAdd("2001:db8::1", 2222, "ssh-ed25519", Key, out _));
        Assert.Equal(KnownHostMatch.Match, KnownHostsFile.Read(path).Find("2001:db8::1", 2222, Key));
    }

    [Fact]
    public void A_key_of_the_bare_name_is_accepted_at_another_port_and_another_key_of_it_does_not_matter()
    {
        Assert.Equal(KnownHostMatch.Match, Find($"203.0.113.9 ssh-ed25519 {Convert.ToBase64String(Key)}", "203.0.113.9", 2222));
        Assert.Equal(KnownHostMatch.Unknown, Find($"203.0.113.9 ssh-ed25519 {Convert.ToBase64String(OtherKey)}", "203.0.113.9", 2222));
        Assert.Equal(KnownHostMatch.Revoked, Find($"@revoked 203.0.113.9 ssh-ed25519 {Convert.ToBase64String(Key)}", "203.0.113.9", 2222));
    }

    [Theory]
    [InlineData("@cert-authority *")]
    [InlineData("|1|no base64|either")]
    [InlineData("|1|")]
    [InlineData("203.0.113.9")]
    public void A_line_that_says_nothing_of_the_host_is_skipped(string start) =>
        Assert.Equal(
            KnownHostMatch.Unknown,
            Find(
                start.Contains('|') || start.StartsWith('@') ? $"{start} ssh-ed25519 {Convert.ToBase64String(Key)}" : start,
                "203.0.113.9",
                22
            )
        );

    [Fact]
    public void The_line_before_may_lack_its_end()
    {
        File.WriteAllText(path, "a ssh-rsa AAAA");
        Assert.True(KnownHostsFile.Read(path).TryAdd("b", 22, "ssh-ed25519", Key, out _));
        Assert.Equal(["a ssh-rsa AAAA", $"b ssh-ed25519 {Convert.ToBase64String(Key)}"], File.ReadAllLines(path));
    }

    [Fact]
    public void A_key_is_recorded_once_and_never_beside_another()
    {
        var stale = KnownHostsFile.Read(path);
        Assert.True(stale.TryAdd("b", 22, "ssh-ed25519", Key, out _));
        Assert.True(stale.TryAdd("b", 22, "ssh-ed25519", Key, out _));
        Assert.False(stale.TryAdd("b", 22, "ssh-ed25519", OtherKey, out var why));
        Assert.NotEmpty(why);
        Assert.Single(File.ReadAllLines(path));
    }

    [Fact]
    public async Task Many_writers_tear_no_line()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 200)
                .Select(number =>
                    Task.Run(() => Assert.True(KnownHostsFile.Read(path).TryAdd($"host-{number}", 22, "ssh-ed25519", Key, out _)))
                )
        );
        Assert.Equal(
            Enumerable
                .Range(0, 200)
                .Select(number => $"host-{number} ssh-ed25519 {Convert.ToBase64String(Key)}")
                .Order(StringComparer.Ordinal),
            File.ReadAllLines(path).Order(StringComparer.Ordinal)
        );
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
