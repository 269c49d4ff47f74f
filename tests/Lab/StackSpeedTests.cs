using System.Diagnostics;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Tests.Lab;

/// <summary>Deploying the files that people have takes no longer than with the docker CLI, which waits as well, and checks and verifies less.</summary>
public sealed class StackSpeedTests(LabFixture lab) : IDisposable
{
    /// <summary>An engine holds a port of the routing mesh for some seconds after its service was removed.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(6);

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task The_files_that_people_have_are_deployed_no_slower_than_by_the_docker_CLI()
    {
        Nightly.SkipUnlessAsked();
        var files = StackRealFiles.All().Where(CanRun).ToList();
        using var ground = await StackGround.FormAsync(lab, session);
        var (ours, theirs, compared) = (TimeSpan.Zero, TimeSpan.Zero, 0);
        foreach (var (file, index) in files.Select((file, index) => (file, index)))
        {
            var images = ground.Write(Override(file), "images.yaml");
            var name = $"speed{index}";
            await ground.CopyAsync(Path.GetDirectoryName(file)!);
            await ground.CopyAsync(ground.Folder);
            var watch = Stopwatch.StartNew();
            var said = await ground.ManagerAsync(
                $"cd {Path.GetDirectoryName(file)} && set -a && {{ [ ! -f .env ] || . ./.env; }} && if timeout 60 docker stack deploy --detach=false --resolve-image never -c {file} -c {images} {name} >/tmp/out 2>&1; then echo deployed; else tail -1 /tmp/out; fi"
            );
            var byHand = watch.Elapsed;
            await RemoveAsync(ground, name);
            watch.Restart();
            var published = session.Run(
                "$n | Publish-SwarmStack -Path $f, $i -Name $s -NoResolveImage -AllowIgnored -TimeoutSeconds 60 -WarningAction SilentlyContinue",
                ("n", ground.Nodes),
                ("f", file),
                ("i", images),
                ("s", name)
            );
            var byUs = watch.Elapsed;
            await RemoveAsync(ground, name);
            var line =
                $"{StackRealFiles.Name(file)}: docker CLI {byHand.TotalSeconds:F1} s {said}, SwarmOps {byUs.TotalSeconds:F1} s {string.Join(' ', published.ErrorIds)}";
            TestContext.Current.TestOutputHelper?.WriteLine(line);
            // Without the programs of its images, a stack may not come to run: then neither time says anything.
            if (said != "deployed" || published.Errors.Count > 0)
                continue;
            (ours, theirs, compared) = (ours + byUs, theirs + byHand, compared + 1);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{compared} of {files.Count} files: docker CLI {theirs}, SwarmOps {ours}.");
        Assert.InRange(compared, 8, files.Count);
        Assert.True(ours < theirs * 1.1, $"{ours}, and by the docker CLI {theirs}");
    }

    private async Task RemoveAsync(StackGround ground, string name)
    {
        session.Run("$n | Remove-SwarmStack -Name $s -Confirm:$false -ErrorAction SilentlyContinue", ("n", ground.Nodes), ("s", name));
        await Task.Delay(Rest);
    }

    /// <summary>Paths of the files' own machines, and external objects, are not on the lab.</summary>
    private static bool CanRun(string file) =>
        StackRealFiles.Services(file).Count > 0
        && !System.Text.RegularExpressions.Regex.IsMatch(
            File.ReadAllText(file),
            "^\\s*- [\"']?(\\.|/|~)|type: bind|external: true|devices:|network_mode|driver: (bridge|custom)",
            System.Text.RegularExpressions.RegexOptions.Multiline
        );

    /// <summary>The lab's image for each service, which only sleeps; a health check passes.</summary>
    private static string Override(string file) =>
        "services:\n"
        + string.Concat(
            StackRealFiles
                .Services(file)
                .Select(service =>
                    $"  {service.Key}:\n    image: lab/busybox:latest\n    entrypoint: [sleep]\n    command: ['900']\n    stop_grace_period: 1s\n"
                    + (
                        service.Value is YamlMapping keys && keys["healthcheck"] is not null
                            ? "    healthcheck: {test: [CMD, 'true'], interval: 1s, timeout: 5s}\n"
                            : ""
                    )
                )
        );
}
