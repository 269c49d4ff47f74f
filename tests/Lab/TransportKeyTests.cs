using System.Management.Automation;
using System.Net;
using System.Security;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Lab;

/// <summary>Keys of every format, passphrases and passwords against a real server.</summary>
public sealed class TransportKeyTests(LabFixture lab) : IAsyncLifetime
{
    private const string Passphrase = "a passphrase with ümlaut";

    private readonly string folder = Directory.CreateTempSubdirectory("swarmops-").FullName;
    private TransportSshd sshd = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private LabHost Host => lab.Hosts[0];

    public async ValueTask InitializeAsync() =>
        sshd = await TransportSshd.StartAsync(
            lab,
            Host,
            2213,
            "ed25519",
            "PasswordAuthentication yes\nKbdInteractiveAuthentication yes\nStrictModes no\nAuthorizedKeysFile /var/tmp/sshd-2213/authorized_keys"
        );

    public async ValueTask DisposeAsync()
    {
        await sshd.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("-t ed25519", "")]
    [InlineData("-t ed25519", Passphrase)]
    [InlineData("-t ecdsa -b 384", Passphrase)]
    [InlineData("-t rsa -b 3072", Passphrase)]
    [InlineData("-t rsa -m PEM", "")]
    [InlineData("-t rsa -m PEM", Passphrase)]
    [InlineData("-t ecdsa -m PEM", "")]
    [InlineData("-t rsa -m PKCS8", "")]
    [InlineData("-t rsa -m PKCS8", Passphrase)]
    [InlineData("-t ecdsa -m PKCS8", Passphrase)]
    public async Task A_key_opens_the_node_as_file_and_as_text(string format, string passphrase)
    {
        var node = await KeyAsync(format, passphrase);
        var credential = new NodeCredential { KeyPassphrase = passphrase.Length > 0 ? Secure(passphrase) : null };
        await AssertConnectsAsync(node with { Credential = credential });
        var text = (await File.ReadAllTextAsync(node.KeyFilePath!, Token)).Trim().Replace("\n", "\r\n", StringComparison.Ordinal);
        await AssertConnectsAsync(node with { KeyFilePath = null, Credential = credential with { PrivateKey = Secure(text) } });
        if (passphrase.Length == 0)
            return;
        Assert.Equal("SshKeyPassphraseRequired", (await node.CommandErrorAsync()).ErrorId);
        var error = await (node with { Credential = new NodeCredential { KeyPassphrase = Secure("wrong") } }).CommandErrorAsync();
        Assert.Equal("SshKeyPassphraseWrong", error.ErrorId);
    }

    [Fact]
    public async Task What_is_no_key_is_called_so()
    {
        var node = await KeyAsync("-t ed25519", "");
        Assert.Equal("SshKeyInvalid", (await (node with { KeyFilePath = node.KeyFilePath + ".pub" }).CommandErrorAsync()).ErrorId);
        Assert.Equal("SshKeyNotFound", (await (node with { KeyFilePath = node.KeyFilePath + ".gone" }).CommandErrorAsync()).ErrorId);
        Assert.Equal("SshKeyNotFound", (await (node with { KeyFilePath = folder }).CommandErrorAsync()).ErrorId);
        Assert.Equal(
            "SshKeyInvalid",
            (
                await (
                    node with
                    {
                        Credential = new NodeCredential { PrivateKey = Secure("rubbish"), KeyPassphrase = Secure("x") },
                    }
                ).CommandErrorAsync()
            ).ErrorId
        );
    }

    [Fact]
    public async Task A_password_opens_the_node_and_names_its_user()
    {
        await sshd.RunAsync("echo 'admin:pass word' | chpasswd");
        var node = await PinnedAsync() with { KeyFilePath = null, DockerHost = $"ssh://{Host.PublicAddress}:{sshd.Port}" };
        await AssertConnectsAsync(
            node with
            {
                Credential = new NodeCredential { Password = new PSCredential("admin", Secure("pass word")) },
            }
        );
        var error = await (
            node with
            {
                Credential = new NodeCredential { Password = new PSCredential("admin", Secure("wrong")) },
            }
        ).CommandErrorAsync();
        Assert.Equal("SshAuthenticationFailed", error.ErrorId);
    }

    [Theory]
    [InlineData("PasswordAuthentication yes\nKbdInteractiveAuthentication yes")]
    [InlineData("PasswordAuthentication yes\nKbdInteractiveAuthentication no")]
    [InlineData("PasswordAuthentication no\nKbdInteractiveAuthentication yes")]
    [InlineData("PasswordAuthentication yes\nKbdInteractiveAuthentication yes\nMaxAuthTries 1")]
    public async Task A_wrong_password_is_offered_once_by_a_whole_pipeline(string settings)
    {
        await using var server = await TransportSshd.StartAsync(lab, Host, 2214, "ed25519", settings);
        await server.RunAsync("echo 'admin:pass word' | chpasswd");
        var node = server.ToNode("admin") with
        {
            KeyFilePath = null,
            HostKeyFingerprint = await server.FingerprintAsync("ed25519"),
            Credential = new NodeCredential { Password = new PSCredential("admin", Secure("wrong")) },
        };
        var before = await FailuresAsync(server);
        await using (var connection = node.Connect())
        {
            // What a stage that waits for something does: it asks again and again.
            for (var round = 0; round < 3; round++)
            {
                Assert.Equal(
                    "SshAuthenticationFailed",
                    (await Assert.ThrowsAsync<SwarmOpsException>(() => connection.GetEngineAsync(Token))).ErrorId
                );
                Assert.Equal(
                    "SshAuthenticationFailed",
                    (await Assert.ThrowsAsync<SwarmOpsException>(() => connection.RunAsync(new NodeCommand("true"), Token))).ErrorId
                );
                await connection.ResetAsync();
            }
        }

        Assert.Equal(1, await FailuresAsync(server) - before);
        await AssertConnectsAsync(
            node with
            {
                Credential = new NodeCredential { Password = new PSCredential("admin", Secure("pass word")) },
            }
        );
    }

    [Fact]
    public async Task A_password_comes_after_a_key_that_is_refused()
    {
        await sshd.RunAsync("echo 'admin:pass word' | chpasswd");
        var node = await KeyAsync("-t ed25519", "", authorized: false);
        await AssertConnectsAsync(
            node with
            {
                DockerHost = $"ssh://admin@{Host.PublicAddress}:{sshd.Port}",
                Credential = new NodeCredential { Password = new PSCredential("other", Secure("pass word")) },
            }
        );
    }

    [Fact]
    public async Task A_refused_key_is_not_tried_again()
    {
        var node = await KeyAsync("-t ed25519", "", authorized: false);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal("SshAuthenticationFailed", (await node.CommandErrorAsync()).ErrorId);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"it took {clock.Elapsed}");
    }

    /// <summary>How often PAM has refused a password on the host: the failures that lock an account.</summary>
    private static async Task<int> FailuresAsync(TransportSshd server) =>
        int.Parse(
            await server.RunAsync(
                "journalctl --sync; journalctl -t sshd -o cat | grep -c 'pam_unix(sshd:auth): authentication failure'; true"
            )
        );

    private static SecureString Secure(string text) => new NetworkCredential("", text).SecurePassword;

    private static async Task AssertConnectsAsync(SwarmNode node)
    {
        await using var connection = node.Connect();
        Assert.True((await connection.RunAsync(new NodeCommand("true"), Token)).Succeeded);
    }

    private async Task<SwarmNode> PinnedAsync() => sshd.ToNode() with { HostKeyFingerprint = await sshd.FingerprintAsync("ed25519") };

    private async Task<SwarmNode> KeyAsync(string format, string passphrase, bool authorized = true)
    {
        var path = Path.Combine(folder, "key");
        var made = await Shell.RunAsync("ssh-keygen", ["-q", .. format.Split(' '), "-N", passphrase, "-f", path]);
        Assert.True(made.ExitCode == 0, made.Error);
        if (authorized)
            await sshd.RunAsync($"echo '{(await File.ReadAllTextAsync(path + ".pub", Token)).Trim()}' >/var/tmp/sshd-2213/authorized_keys");
        return await PinnedAsync() with { KeyFilePath = path };
    }
}
