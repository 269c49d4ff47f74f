namespace SwarmOps.Tests.Lab;

/// <summary>SSH keys of nodes: replaced, proven, and never the last one lost.</summary>
public sealed class NodeKeyTests(LabFixture lab) : IDisposable
{
    private const string File = "/home/debian/.ssh/authorized_keys";

    private readonly Session session = new();
    private readonly string folder = Directory.CreateTempSubdirectory("keys").FullName;

    public void Dispose()
    {
        session.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_new_key_is_in_and_the_old_one_out_and_the_same_line_changes_nothing()
    {
        var nodes = await BeginAsync();
        try
        {
            var key = await MakeKeyAsync("new", "");
            session.Run("", ("n", nodes), ("key", key));

            Assert.Empty(session.Run("$n | Update-SwarmNodeKey -NewKeyFilePath $key -WhatIf").ThrowOnError().Objects);
            var both = session.Run("$n | Update-SwarmNodeKey -NewKeyFilePath $key -KeepOld -Confirm:$false").ThrowOnError().Nodes;
            Assert.Equal(3, both.Count);
            Assert.All(await LinesAsync(), lines => Assert.Equal(3, lines.Length));
            var renewed = session.Run("$n | Update-SwarmNodeKey -NewKeyFilePath $key -Confirm:$false").ThrowOnError();
            var again = session.Run("$n | Update-SwarmNodeKey -NewKeyFilePath $key -Confirm:$false").ThrowOnError();

            Assert.Empty(renewed.Warnings);
            Assert.All(renewed.Nodes, node => Assert.Equal(key, node.KeyFilePath));
            Assert.Equal(renewed.Nodes.Select(node => node.Name).Order(), again.Nodes.Select(node => node.Name).Order());
            foreach (var lines in await LinesAsync())
            {
                // What others have written stays; the new key has the options of the old one.
                Assert.Equal("# somebody else's line", lines[0]);
                Assert.StartsWith("no-agent-forwarding ssh-ed25519 ", Assert.Single(lines[1..]), StringComparison.Ordinal);
            }

            foreach (var node in renewed.Nodes)
                Assert.Equal("SshAuthenticationFailed", (await nodes.Single(old => old.Name == node.Name).CommandErrorAsync()).ErrorId);
        }
        finally
        {
            await EndAsync();
        }
    }

    [Fact]
    public async Task Nothing_is_lost_where_the_new_key_is_not_accepted_or_a_node_is_silent()
    {
        var nodes = await BeginAsync();
        try
        {
            var key = await MakeKeyAsync("new", "a phrase", "ecdsa");
            // One host refuses the new key's type, but not that of the present one; one is silent, one accepts it.
            await lab.ExecAsync(
                lab.Hosts[1],
                "echo 'PubkeyAcceptedAlgorithms -ecdsa-sha2-*' > /etc/ssh/sshd_config.d/key.conf; systemctl reload ssh"
            );
            await lab.OnLabAsync("fault", "cut", lab.Hosts[2].Region);
            var before = await LinesAsync();
            session.Run("", ("n", nodes), ("key", key), ("same", lab.Hosts[0].KeyFile), ("first", nodes[0]), ("second", nodes[1]));

            var outcome = session.Run(
                "$n | Update-SwarmNodeKey -NewKeyFilePath $key -NewKeyPassphrase (ConvertTo-SecureString 'a phrase' -AsPlainText) -Confirm:$false -ConnectionTimeoutSeconds 5"
            );
            var after = await LinesAsync();

            Assert.Equal(["NodeKeyNotProven", "NodeUnreachable"], outcome.ErrorIds.Order());
            Assert.Equal(lab.Hosts[0].Name, Assert.Single(outcome.Nodes).Name);
            Assert.NotEqual(before[0], after[0]);
            Assert.Equal(before[1..], after[1..]);
            Assert.Equal(["NodeKeySame"], session.Run("$first | Update-SwarmNodeKey -NewKeyFilePath $same -Confirm:$false").ErrorIds);
            Assert.Equal(
                ["SshKeyPassphraseRequired"],
                session.Run("$second | Update-SwarmNodeKey -NewKeyFilePath $key -Confirm:$false").ErrorIds
            );
        }
        finally
        {
            await lab.OnLabAsync("fault", "heal");
            await lab.ExecAsync(lab.Hosts[1], "rm -f /etc/ssh/sshd_config.d/key.conf; systemctl reload ssh");
            await EndAsync();
        }
    }

    private async Task<string> MakeKeyAsync(string name, string phrase, string type = "ed25519")
    {
        var path = Path.Combine(folder, name);
        var (exitCode, _, error) = await Shell.RunAsync("ssh-keygen", "-q", "-t", type, "-N", phrase, "-f", path);
        Assert.True(exitCode == 0, error);
        return path;
    }

    /// <summary>The user debian of each host, whose file has the lab's key with an option, and a line of somebody else.</summary>
    private async Task<IReadOnlyList<SwarmNode>> BeginAsync()
    {
        await Task.WhenAll(
            lab.Hosts.Select(host =>
                lab.ExecAsync(
                    host,
                    $$"""
                    cp -p {{File}} /root/keys.kept
                    { echo "# somebody else's line"; sed 's/^ssh-/no-agent-forwarding ssh-/' /root/keys.kept; } > /root/keys.new
                    cat /root/keys.new > {{File}}
                    """
                )
            )
        );
        return [.. lab.Hosts.Select(host => host.ToNode("debian"))];
    }

    private Task EndAsync() =>
        Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, $"cat /root/keys.kept > {File}; rm -f {File}.swarmops")));

    private Task<string[][]> LinesAsync() =>
        Task.WhenAll(
            lab.Hosts.Select(async host => (await lab.ExecAsync(host, $"cat {File}")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        );
}
