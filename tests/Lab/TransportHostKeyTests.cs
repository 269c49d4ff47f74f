using SwarmOps.Transport;

namespace SwarmOps.Tests.Lab;

/// <summary>Host keys against real servers: pinned, known, new, changed, revoked.</summary>
public sealed class TransportHostKeyTests(LabFixture lab) : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("swarmops-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private LabHost Host => lab.Hosts[0];

    private string KnownHosts => Path.Combine(folder, "ssh", "known_hosts");

    public async ValueTask InitializeAsync() => await lab.ResetSshAsync(Host);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("ed25519")]
    [InlineData("ecdsa")]
    [InlineData("rsa")]
    public async Task A_pinned_key_of_any_type_is_found_at_a_server_with_all_three(string keyType)
    {
        await using var sshd = await TransportSshd.StartAsync(lab, Host, 2211, "ed25519 ecdsa rsa");
        await AssertConnectsAsync(sshd.ToNode() with { HostKeyFingerprint = await sshd.FingerprintAsync(keyType) });
    }

    [Theory]
    [InlineData("ed25519", false)]
    [InlineData("ecdsa", false)]
    [InlineData("rsa", false)]
    [InlineData("rsa", true)]
    public async Task One_known_key_is_enough_at_a_server_with_all_three(string keyType, bool hashed)
    {
        await using var sshd = await TransportSshd.StartAsync(lab, Host, 2211, "ed25519 ecdsa rsa");
        await WriteKnownHostsAsync($"[{Host.PublicAddress}]:{sshd.Port} {await sshd.PublicKeyAsync(keyType)}", hashed);
        await AssertConnectsAsync(sshd.ToNode() with { KnownHostsPath = KnownHosts });
    }

    [Fact]
    public async Task A_key_known_for_the_bare_name_is_enough_at_another_port()
    {
        await using var sshd = await TransportSshd.StartAsync(lab, Host, 2211, "ed25519");
        await WriteKnownHostsAsync($"{Host.PublicAddress} {await sshd.PublicKeyAsync("ed25519")}");
        await AssertConnectsAsync(sshd.ToNode() with { KnownHostsPath = KnownHosts });
        Assert.Equal(0, await OpenSshAsync(sshd, "yes"));
    }

    [Fact]
    public async Task An_unknown_key_is_refused_with_its_fingerprint()
    {
        await using var sshd = await TransportSshd.StartAsync(lab, Host, 2211, "ed25519");
        var error = await (sshd.ToNode() with { KnownHostsPath = KnownHosts }).CommandErrorAsync();
        Assert.Equal("HostKeyUnknown", error.ErrorId);
        Assert.Contains(await sshd.FingerprintAsync("ed25519"), error.RecommendedAction, StringComparison.Ordinal);
        Assert.False(File.Exists(KnownHosts));
    }

    [Theory]
    [InlineData(HostKeyPolicy.Strict)]
    [InlineData(HostKeyPolicy.AcceptNew)]
    public async Task A_changed_key_is_always_refused_also_one_of_another_type_as_OpenSSH_does(HostKeyPolicy policy)
    {
        await using var sshd = await TransportSshd.StartAsync(lab, Host, 2211, "ed25519");
        await using var other = await TransportSshd.StartAsync(lab, Host, 2212, "ed25519 rsa");
        foreach (var keyType in new[] { "ed25519", "rsa" })
        {
            await WriteKnownHostsAsync($"[{Host.PublicAddress}]:{sshd.Port} {await other.PublicKeyAsync(keyType)}");
            var before = await File.ReadAllTextAsync(KnownHosts, Token);
            var error = await (sshd.ToNode() with { KnownHostsPath = KnownHosts, HostKeyPolicy = policy }).CommandErrorAsync();
            Assert.Equal("HostKeyMismatch", error.ErrorId);
            Assert.Equal(before, await File.ReadAllTextAsync(KnownHosts, Token));
            Assert.NotEqual(0, await OpenSshAsync(sshd, policy == HostKeyPolicy.Strict ? "yes" : "accept-new"));
        }

        var pinned = await (
            sshd.ToNode() with
            {
                HostKeyFingerprint = await other.FingerprintAsync("ed25519"),
                HostKeyPolicy = policy,
            }
        ).CommandErrorAsync();
        Assert.Equal("HostKeyMismatch", pinned.ErrorId);
        Assert.Contains(await sshd.FingerprintAsync("ed25519"), pinned.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_key_is_refused()
    {
        await using var sshd = await TransportSshd.StartAsync(lab, Host, 2211, "ed25519");
        var key = await sshd.PublicKeyAsync("ed25519");
        await WriteKnownHostsAsync($"[{Host.PublicAddress}]:{sshd.Port} {key}\n@revoked * {key}");
        Assert.Equal("HostKeyRevoked", (await (sshd.ToNode() with { KnownHostsPath = KnownHosts }).CommandErrorAsync()).ErrorId);
    }

    [Fact]
    public async Task New_keys_are_recorded_in_parallel_whole_and_for_the_owner_only()
    {
        var nodes = lab.Hosts.SelectMany(host =>
            Enumerable
                .Range(0, 6)
                .Select(_ =>
                    host.ToNode() with
                    {
                        HostKeyFingerprint = null,
                        HostKeyPolicy = HostKeyPolicy.AcceptNew,
                        KnownHostsPath = KnownHosts,
                    }
                )
        );
        await Task.WhenAll(nodes.Select(AssertConnectsAsync));
        var lines = await File.ReadAllLinesAsync(KnownHosts, Token);
        Assert.Equal(
            lab.Hosts.Select(host => $"{host.PublicAddress} ssh-ed25519 ").Order(),
            lines.Select(line => line[..(line.LastIndexOf(' ') + 1)]).Order()
        );
        Assert.Equal("600\n700\n", (await Shell.RunAsync("stat", "-c", "%a", KnownHosts, Path.GetDirectoryName(KnownHosts)!)).Output);
        // What was recorded is what OpenSSH accepts, and what Strict accepts from then on.
        await AssertConnectsAsync(Host.ToNode() with { HostKeyFingerprint = null, KnownHostsPath = KnownHosts });
        Assert.Equal(0, await OpenSshAsync(Host.SshPort, "yes"));
    }

    [Fact]
    public async Task Where_a_new_key_cannot_be_recorded_nothing_is_trusted()
    {
        var node = Host.ToNode() with
        {
            HostKeyFingerprint = null,
            HostKeyPolicy = HostKeyPolicy.AcceptNew,
            KnownHostsPath = "/proc/known_hosts",
        };
        Assert.Equal("KnownHostsNotWritable", (await node.CommandErrorAsync()).ErrorId);
    }

    [Fact]
    public async Task A_server_with_no_algorithm_in_common_says_so()
    {
        await using var sshd = await TransportSshd.StartAsync(lab, Host, 2211, "ed25519", "KexAlgorithms diffie-hellman-group1-sha1");
        Assert.Equal(
            "SshHandshakeFailed",
            (await (sshd.ToNode() with { HostKeyFingerprint = await sshd.FingerprintAsync("ed25519") }).CommandErrorAsync()).ErrorId
        );
    }

    private static async Task AssertConnectsAsync(SwarmNode node)
    {
        await using var connection = node.Connect();
        Assert.True((await connection.RunAsync(new NodeCommand("true"), Token)).Succeeded);
    }

    private async Task WriteKnownHostsAsync(string lines, bool hashed = false)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(KnownHosts)!);
        await File.WriteAllTextAsync(KnownHosts, lines + "\n", Token);
        if (hashed)
            Assert.Equal(0, (await Shell.RunAsync("ssh-keygen", "-q", "-H", "-f", KnownHosts)).ExitCode);
    }

    private Task<int> OpenSshAsync(TransportSshd sshd, string strict) => OpenSshAsync(sshd.Port, strict);

    /// <summary>What OpenSSH's own client makes of the same file.</summary>
    private async Task<int> OpenSshAsync(int port, string strict) =>
        (
            await Shell.RunAsync(
                "ssh",
                "-F",
                "none",
                "-o",
                "BatchMode=yes",
                "-o",
                $"UserKnownHostsFile={KnownHosts}",
                "-o",
                "GlobalKnownHostsFile=none",
                "-o",
                $"StrictHostKeyChecking={strict}",
                "-o",
                "UpdateHostKeys=no",
                "-i",
                Host.KeyFile,
                "-p",
                $"{port}",
                $"root@{Host.PublicAddress}",
                "true"
            )
        ).ExitCode;
}
