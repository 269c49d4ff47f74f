namespace SwarmOps.Tests.Lab;

/// <summary>A copy and a cleanup that are killed anywhere are completed by the same lines.</summary>
public sealed class ImageKillTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();
    private readonly string folder = Directory.CreateTempSubdirectory("images").FullName;

    public void Dispose()
    {
        session.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Killed_before_each_change_and_run_again_every_node_has_the_image_and_none_the_other()
    {
        Nightly.SkipUnlessAsked();
        await ServiceSwarm.FormAsync(lab, session);
        var script = Path.Combine(folder, "images.ps1");
        await File.WriteAllTextAsync(
            script,
            $"""
            $nodes = @({string.Join('\n', lab.Hosts.Select(host => host.Description))})
            $nodes | Copy-SwarmImage -Image kill/app:1
            $nodes | Clear-SwarmImage -Image kill/old:* -OlderThan 0:0:0 -IncludeLocal -Confirm:$false
            """,
            TestContext.Current.CancellationToken
        );
        var before = Directory.GetFiles(Path.GetTempPath(), "swarmops-image-*");
        await PrepareAsync();
        var total = await KillRun.RunAsync(script, 0) ?? throw new InvalidOperationException("The script does not even run whole.");
        var killed = 0;
        for (var point = 1; point <= total; point++)
        {
            await PrepareAsync();
            killed += await KillRun.RunAsync(script, point) is null ? 1 : 0;
            Assert.NotNull(await KillRun.RunAsync(script, 0));

            var ids = await Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, "docker image inspect -f '{{.Id}}' kill/app:1")));
            var old = await Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, "docker images -q kill/old")));
            Assert.Single(ids.Distinct());
            Assert.All(old, Assert.Empty);
            await lab.ExecAsync(lab.Hosts[1], "test \"$(docker run --rm --network none kill/app:1 cat /text)\" = text");
        }

        Assert.True(killed >= total, $"Only {killed} runs were killed at {total} points.");
        // What the killed runs left on this machine, the next one removes, once nothing can be about to hold it.
        foreach (var left in Directory.GetFiles(Path.GetTempPath(), "swarmops-image-*").Except(before))
            File.SetLastWriteTimeUtc(left, DateTime.UtcNow.AddMinutes(-1));
        Assert.NotNull(await KillRun.RunAsync(script, 0));
        Assert.Empty(Directory.GetFiles(Path.GetTempPath(), "swarmops-image-*").Except(before));
        await Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, "docker rmi -f kill/app:1 >/dev/null 2>&1 || true")));
    }

    private async Task PrepareAsync()
    {
        await Task.WhenAll(
            lab.Hosts.Select(host =>
                lab.ExecAsync(
                    host,
                    """
                    docker rmi -f kill/app:1 >/dev/null 2>&1
                    id=$(docker create lab/busybox:latest true); docker commit -c 'LABEL old=1' $id kill/old:1 >/dev/null; docker rm $id >/dev/null
                    """
                )
            )
        );
        await lab.ExecAsync(
            lab.Hosts[0],
            "id=$(docker create lab/busybox:latest sh -c 'echo text > /text'); docker start -a $id; docker commit $id kill/app:1 >/dev/null; docker rm $id >/dev/null"
        );
    }
}
