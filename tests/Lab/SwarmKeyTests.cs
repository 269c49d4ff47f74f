using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SwarmOps.Tests.Lab;

/// <summary>What a swarm of three managers has that leaks or expires: join tokens, the unlock key, the certificate authority.</summary>
public sealed class SwarmKeyTests(LabFixture lab) : IDisposable
{
    private const string Form =
        "$n | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest | Step-SwarmPromotion -ManagerCount 3";

    private readonly Session session = new();
    private readonly string folder = Directory.CreateTempSubdirectory("swarmops-").FullName;

    public void Dispose()
    {
        session.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_join_token_is_replaced_and_no_other()
    {
        var nodes = await FormAsync();
        var (worker, manager) = (await TokenAsync("worker"), await TokenAsync("manager"));

        Assert.Empty(session.Run("$n | Update-SwarmJoinToken -WhatIf", ("n", nodes)).ThrowOnError().Objects);
        Assert.Equal((worker, manager), (await TokenAsync("worker"), await TokenAsync("manager")));

        var update = (SwarmJoinTokenUpdate)
            session.Run("$n | Update-SwarmJoinToken -Role Worker -Verbose", ("n", nodes)).ThrowOnError().Objects.Single();
        Assert.Equal((SwarmNodeRole.Worker, nodes[0].SwarmId), (update.Role, update.SwarmId));
        var next = await TokenAsync("worker");
        Assert.NotEqual(worker, next);
        Assert.Equal(manager, await TokenAsync("manager"));

        var both = session.Run("$n | Update-SwarmJoinToken -Verbose", ("n", nodes)).ThrowOnError();
        Assert.Equal(2, both.Objects.Count);
        Assert.NotEqual(next, await TokenAsync("worker"));
        Assert.NotEqual(manager, await TokenAsync("manager"));
        Assert.DoesNotContain(both.Verbose, line => line.Contains("SWMTKN", StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_managers_are_unlocked_after_a_restart_and_a_replaced_key_is_the_only_one_that_does_it()
    {
        var nodes = await FormAsync();
        Assert.Equal(["SwarmNotAutoLocked"], session.Run("Get-SwarmUnlockKey $n", ("n", nodes)).ErrorIds);
        session.Run("$n | Initialize-Swarm -AutoLock", ("n", nodes)).ThrowOnError();
        var first = (SwarmUnlockKey)session.Run("Get-SwarmUnlockKey $n", ("n", nodes)).ThrowOnError().Objects.Single();
        Assert.DoesNotContain("SWMKEY", first.ToString(), StringComparison.Ordinal);

        var second = (SwarmUnlockKey)
            session.Run("$n | Update-SwarmUnlockKey -Confirm:$false", ("n", nodes)).ThrowOnError().Objects.Single();
        await RestartAsync();

        Assert.Equal(
            ["UnlockKeyInvalid"],
            session.Run("$n | Unlock-Swarm -UnlockKey (ConvertTo-SecureString x -AsPlainText)", ("n", nodes)).ErrorIds
        );
        Assert.Empty(session.Run("$n | Unlock-Swarm -UnlockKey $k -WhatIf", ("n", nodes), ("k", second.UnlockKey)).ThrowOnError().Objects);
        var wrong = session.Run("$n | Unlock-Swarm -UnlockKey $k", ("n", nodes), ("k", first.UnlockKey));
        Assert.Equal(["UnlockKeyWrong", "UnlockKeyWrong", "UnlockKeyWrong"], wrong.ErrorIds);
        Assert.Empty(wrong.Objects);

        var back = session.Run("$n | Unlock-Swarm -UnlockKey $k", ("n", nodes), ("k", second.UnlockKey)).ThrowOnError();
        Assert.Equal(nodes.Select(node => node.NodeId), back.Nodes.Select(node => node.NodeId));
        Assert.Equal(3, session.Run("$n | Unlock-Swarm -UnlockKey $k", ("n", nodes), ("k", second.UnlockKey)).ThrowOnError().Nodes.Count);
    }

    [Fact]
    public async Task Every_node_gets_a_certificate_from_the_new_authority()
    {
        var nodes = await FormAsync();
        var old = await RootAsync();

        Assert.Empty(session.Run("$n | Update-SwarmCertificate -WhatIf", ("n", nodes)).ThrowOnError().Objects);
        var made = (SwarmCertificateAuthority)
            session.Run("$n | Update-SwarmCertificate -Confirm:$false", ("n", nodes)).ThrowOnError().Objects.Single();
        Assert.NotEqual(old, await RootAsync());
        Assert.Equal(nodes.Select(node => node.Name).Order(StringComparer.Ordinal), made.Nodes);

        var (certificate, key) = Authority(DateTimeOffset.UtcNow.AddYears(3));
        var own = (SwarmCertificateAuthority)
            session
                .Run(
                    "$n | Update-SwarmCertificate -CertificatePath $c -KeyPath $k -Confirm:$false",
                    ("n", nodes),
                    ("c", certificate),
                    ("k", key)
                )
                .ThrowOnError()
                .Objects.Single();
        Assert.Equal("CN=ours", own.Subject);
        Assert.Equal(3, own.Nodes.Count);
        Assert.Equal(
            3,
            session.Run("Get-Swarm $n", ("n", nodes)).ThrowOnError().Objects.OfType<SwarmSummary>().Single().ReachableManagerCount
        );

        var (late, lateKey) = Authority(DateTimeOffset.UtcNow.AddMinutes(-1));
        Assert.Equal(
            ["CertificatePairInvalid"],
            session
                .Run("$n | Update-SwarmCertificate -CertificatePath $c -KeyPath $k -Force", ("n", nodes), ("c", late), ("k", lateKey))
                .ErrorIds
        );
    }

    [Fact]
    public async Task With_a_node_down_nothing_begins_and_what_was_forced_is_completed_by_the_next_run()
    {
        var nodes = await FormAsync();
        var old = await RootAsync();
        await lab.ExecAsync(lab.Hosts[2], "systemctl stop docker.socket docker");
        var refused = session.Run("$n | Update-SwarmCertificate -Confirm:$false", ("n", nodes));
        Assert.Equal(["NodesDownBeforeRotation"], refused.ErrorIds);

        // The swarm's own view, once it has noticed: for a run that does not know that node.
        await UntilAsync(async () =>
            (await lab.ExecAsync(lab.Hosts[0], "docker node ls --format '{{.Status}}'")).Contains("Down", StringComparison.Ordinal)
        );
        var others = session.Run("$n[0, 1] | Update-SwarmCertificate -Confirm:$false", ("n", nodes.ToArray()));
        Assert.Equal(["NodesDownBeforeRotation"], others.ErrorIds);
        Assert.Equal(old, await RootAsync());
        var forced = session.Run("$n | Update-SwarmCertificate -Force -TimeoutSeconds 15 -Confirm:$false", ("n", nodes));
        Assert.Equal(["CertificateRotationUnfinished"], forced.ErrorIds);
        Assert.Contains($"'{nodes[2].Name}'", forced.Errors[0].Exception.Message, StringComparison.Ordinal);

        await lab.ExecAsync(lab.Hosts[2], "systemctl start docker.socket docker");
        var done = (SwarmCertificateAuthority)
            session.Run("$n | Update-SwarmCertificate -Confirm:$false", ("n", nodes)).ThrowOnError().Objects.Single();
        Assert.Equal(3, done.Nodes.Count);
        Assert.NotEqual(old, await RootAsync());
    }

    private async Task<IReadOnlyList<SwarmNode>> FormAsync()
    {
        await lab.ResetAsync();
        return session.Run(Form, ("n", session.Nodes(lab))).ThrowOnError().Nodes;
    }

    private Task RestartAsync() => Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, "systemctl restart docker")));

    private async Task<string> TokenAsync(string role) => (await lab.ExecAsync(lab.Hosts[0], $"docker swarm join-token -q {role}")).Trim();

    private Task<string> RootAsync() => lab.ExecAsync(lab.Hosts[0], "docker swarm ca");

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var look = 0; look < 120; look++)
        {
            if (await condition())
                return;
            await Task.Delay(500);
        }

        Assert.Fail("The condition did not come true within a minute.");
    }

    private (string Certificate, string Key) Authority(DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ours", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), until);
        var (path, keyPath) = (Path.Combine(folder, Path.GetRandomFileName()), Path.Combine(folder, Path.GetRandomFileName()));
        File.WriteAllText(path, certificate.ExportCertificatePem());
        File.WriteAllText(keyPath, key.ExportECPrivateKeyPem());
        return (path, keyPath);
    }
}
