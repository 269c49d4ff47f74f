namespace SwarmOps.Tests.Lab;

/// <summary>
/// Names of tasks that are gone although packets arrive, as engines 29 lose them after a cut (moby issue 53141). The lab's engines do not: their own diagnostic server removes the entry of a task on its
/// node, and gossip removes it everywhere.
/// </summary>
public sealed class LostNameTests(LabFixture lab) : IDisposable
{
    private const int Port = 2000;

    private readonly Session session = new();

    private LabHost First => lab.Hosts[0];

    private LabHost Second => lab.Hosts[1];

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Only_the_service_whose_name_is_gone_gets_new_tasks()
    {
        Nightly.SkipUnlessAsked();
        await lab.ResetAsync();
        var nodes = await lab.OneManagerAsync(session);
        session.Run("$n | New-EncryptedOverlay -Name internal -Unencrypted -WarningAction SilentlyContinue", ("n", nodes)).ThrowOnError();
        await lab.ExecAsync(
            First,
            $"""
            for name in web other; do
                docker service create -q --name $name --network internal --constraint node.hostname=={Second.Name} lab/busybox:latest sleep 1000000 >/dev/null
            done
            """
        );
        var before = await TasksAsync();
        Assert.Equal(3, session.Run("$n | Repair-Swarm -NameOn internal -Confirm:$false", ("n", nodes)).ThrowOnError().Nodes.Count);
        Assert.Equal(before, await TasksAsync());

        await ForgetAsync("web");
        Assert.Empty(await ResolveAsync("web"));
        Assert.NotEmpty(await ResolveAsync("other"));
        Assert.Empty(session.Run("$n | Repair-Swarm -NameOn internal -PatienceSeconds 8 -WhatIf", ("n", nodes)).ErrorIds);
        Assert.Equal(before, await TasksAsync());

        session.Run("$n | Repair-Swarm -NameOn internal -PatienceSeconds 8 -Confirm:$false", ("n", nodes)).ThrowOnError();

        Assert.NotEmpty(await ResolveAsync("web"));
        var after = await TasksAsync();
        Assert.NotEqual(before["web"], after["web"]);
        Assert.Equal(before["other"], after["other"]);
        Assert.Equal(["OverlayNotFound"], session.Run("$n | Repair-Swarm -NameOn nowhere -Confirm:$false", ("n", nodes)).ErrorIds);
    }

    private async Task<Dictionary<string, string>> TasksAsync() =>
        (await lab.ExecAsync(First, "for name in web other; do echo $name $(docker service ps -q -f desired-state=running $name); done"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', 2))
            .ToDictionary(words => words[0], words => words[1]);

    /// <summary>What the first host's containers get for a service's name.</summary>
    private async Task<string> ResolveAsync(string service) =>
        (
            await lab.ExecAsync(
                First,
                $"docker run --rm --network internal lab/busybox:latest nslookup tasks.{service} 127.0.0.11 2>/dev/null | grep -A 9 '^Name:' | grep -o '10\\.[0-9.]*' || true"
            )
        ).Trim();

    private Task<string> ForgetAsync(string service) =>
        lab.ExecAsync(
            Second,
            $$"""
            set -e
            cp /etc/docker/daemon.json /run/daemon.json 2>/dev/null || echo '{}' >/run/daemon.json
            perl -pe 's/^\s*\{/{ "network-diagnostic-port": {{Port}}, / if !$done++' /run/daemon.json | perl -pe 's/,\s*\}/}/' >/etc/docker/daemon.json
            systemctl reload docker
            sleep 2
            network=$(docker network inspect -f '{{"{{"}}.Id{{"}}"}}' internal)
            container=$(docker ps -q -f name={{service}}.1)
            endpoint=$(docker inspect -f '{{"{{"}}(index .NetworkSettings.Networks "internal").EndpointID{{"}}"}}' $container)
            curl -sS "http://127.0.0.1:{{Port}}/deleteentry?unsafe&nid=$network&tname=endpoint_table&key=$endpoint"
            cp /run/daemon.json /etc/docker/daemon.json
            systemctl reload docker
            sleep 3
            """
        );
}
