namespace SwarmOps.Tests.Lab;

/// <summary>Unused images on all nodes, and those that only look unused.</summary>
public sealed class ImageCleanupTests(LabFixture lab) : IDisposable
{
    private const string Registry = "registry.lab:5000";
    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Unused_images_go_and_those_of_services_rollbacks_containers_and_of_no_registry_stay()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        // Five images that differ: made on the first host, pushed, and pulled by all. One is made on each host and in no registry.
        await ServiceSwarm.ManagerAsync(
            lab,
            $$"""
            set -e
            for name in current previous unused held young; do
                id=$(docker create lab/busybox:latest true)
                docker commit -c "LABEL name=$name" $id {{Registry}}/clear/$name:1 >/dev/null
                docker rm $id >/dev/null
                docker push -q {{Registry}}/clear/$name:1 >/dev/null
            done
            """
        );
        foreach (var host in lab.Hosts)
            await lab.ExecAsync(
                host,
                $$"""
                set -e
                for name in current previous unused held young; do docker pull -q {{Registry}}/clear/$name:1 >/dev/null; done
                docker create --name holds {{Registry}}/clear/held:1 true >/dev/null
                id=$(docker create lab/busybox:latest true); docker commit -c 'LABEL a=b' $id only/here:1 >/dev/null; docker rm $id >/dev/null
                docker tag only/here:1 ours/here:1
                """
            );
        session
            .Run(
                $"""
                $null = $n | New-SwarmService -Name web -Image {Registry}/clear/previous:1 -StableSeconds 0 -StopGraceSeconds 1 -Constraint node.labels.region==us-west-1 -ArgumentList sleep, 900
                $null = $n | Update-SwarmService -Name web -Image {Registry}/clear/current:1 -StableSeconds 0
                """,
                ("n", nodes)
            )
            .ThrowOnError();
        var line = $"$n | Clear-SwarmImage -Image {Registry}/clear/*, only/* -Exclude */young:* -OlderThan 0:0:0 -Confirm:$false";

        Assert.Empty(session.Run($"{line} -WhatIf").ThrowOnError().Objects);
        var young = Cleanups($"$n | Clear-SwarmImage -Image {Registry}/clear/*, only/* -OlderThan 1:0:0 -IncludeLocal -Confirm:$false");
        var cleared = Cleanups(line);
        var again = Cleanups(line);
        var local = Cleanups($"{line} -IncludeLocal");

        Assert.All(young, node => Assert.Empty(node.RemovedImages));
        Assert.Equal(nodes.Select(node => node.Name).Order(), cleared.Select(node => node.Node).Order());
        Assert.All(cleared, node => Assert.Equal([$"{Registry}/clear/unused:1"], node.RemovedImages));
        // Where the task ran, its ended container still has the image.
        Assert.All(
            cleared.Where(node => node.Node != "us-west-1"),
            node => Assert.Equal([$"{Registry}/clear/previous:1"], node.RollbackImages)
        );
        Assert.All(cleared, node => Assert.True(node is { FreeBytesBefore: > 0, FreeBytesAfter: > 0, Region: not null }));
        Assert.All(again, node => Assert.Empty(node.RemovedImages));
        Assert.All(local, node => Assert.Equal(["only/here:1"], node.RemovedImages));
        foreach (var host in lab.Hosts)
            Assert.Equal(
                ["current", "held", "previous", "young"],
                (
                    await lab.ExecAsync(host, $"docker images --format '{{{{.Repository}}}}' | sed -n 's#^{Registry}/clear/##p' | sort")
                ).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            );
        // A name that was not asked for keeps the image.
        foreach (var host in lab.Hosts)
            await lab.ExecAsync(host, "docker image inspect ours/here:1 >/dev/null && docker rmi ours/here:1 >/dev/null");
        // The rollback works without a registry.
        await ServiceSwarm.ManagerAsync(lab, "timeout 60 docker service rollback -q web >/dev/null && docker service rm web >/dev/null");
        await Task.WhenAll(
            lab.Hosts.Select(host =>
                lab.ExecAsync(
                    host,
                    $"docker rm -f holds $(docker ps -aq -f label=com.docker.swarm.service.name=web) >/dev/null; docker rmi -f $(docker images -q '{Registry}/clear/*') >/dev/null"
                )
            )
        );
    }

    private List<SwarmImageCleanup> Cleanups(string line) => [.. session.Run(line).ThrowOnError().Objects.Cast<SwarmImageCleanup>()];
}
