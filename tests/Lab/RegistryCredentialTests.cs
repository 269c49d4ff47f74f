namespace SwarmOps.Tests.Lab;

/// <summary>Logins of services whose registry wants a password.</summary>
public sealed class RegistryCredentialTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();

    private string Image => $"{lab.PrivateRegistry.Address}/renewed/busybox:1";

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task A_new_login_serves_the_next_node_and_replaces_no_task()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        await lab.PushAsync("lab/busybox:latest", Image);
        // Without a login: the first host has the image, the others could not pull it.
        await ServiceSwarm.ManagerAsync(
            lab,
            $"""
            docker tag lab/busybox:latest {Image}
            docker service create -qd --name closed --no-resolve-image --constraint node.role==manager --restart-delay 1s {Image} sleep 900 >/dev/null
            docker service create -qd --name open --no-resolve-image lab/busybox:latest sleep 900 >/dev/null
            for try in $(seq 100); do [ "$(docker service ps -q -f desired-state=running closed | wc -l)" = 1 ] && docker service ps closed | grep -q Running && exit 0; sleep 0.2; done; exit 1
            """
        );
        session.Run("", ("n", nodes), ("c", lab.PrivateRegistry.Credential()), ("bad", lab.PrivateRegistry.Credential("not this one")));
        var task = await TasksAsync();
        var version = await VersionAsync();
        var registry = lab.PrivateRegistry.Address;

        Assert.Equal(
            ["RegistryLoginRefused"],
            session.Run($"$n | Update-SwarmRegistryCredential -Registry {registry} -RegistryCredential $bad").ErrorIds
        );
        Assert.Equal(["RegistriesSeveral"], session.Run("$n | Update-SwarmRegistryCredential -RegistryCredential $c").ErrorIds);
        Assert.Empty(
            session.Run($"$n | Update-SwarmRegistryCredential -Registry {registry} -RegistryCredential $c -WhatIf").ThrowOnError().Objects
        );
        Assert.Equal(version, await VersionAsync());
        var renewed = session
            .Run($"$n | Update-SwarmRegistryCredential -Registry {registry} -RegistryCredential $c -Verbose")
            .ThrowOnError();

        var result = (SwarmRegistryCredential)Assert.Single(renewed.Objects);
        Assert.Equal(("closed", registry, Image), (result.Service, result.Registry, result.Image));
        Assert.DoesNotContain(renewed.Verbose, line => line.Contains(lab.PrivateRegistry.Password, StringComparison.Ordinal));
        Assert.NotEqual(version, await VersionAsync());
        Assert.Equal(task, await TasksAsync());
        // A node that never had the image can run a task now.
        await ServiceSwarm.ManagerAsync(
            lab,
            """
            docker service update -qd --constraint-rm node.role==manager --constraint-add node.role==worker closed >/dev/null
            for try in $(seq 100); do docker service ps -f desired-state=running closed | grep -q 'Running.*Running' && exit 0; sleep 0.2; done; docker service ps closed; exit 1
            """
        );
        await Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, $"docker rmi -f {Image} >/dev/null 2>&1 || true")));
    }

    private async Task<string> TasksAsync() => (await ServiceSwarm.ManagerAsync(lab, "docker service ps -q closed")).Trim();

    private async Task<string> VersionAsync() =>
        (await ServiceSwarm.ManagerAsync(lab, "docker service inspect -f '{{.Version.Index}}' closed")).Trim();
}
