using SwarmOps.Stacks.Reading;

namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>Real Compose files, as people have them.</summary>
public sealed class RealFileTests
{
    [Fact]
    public void With_ignored_keys_each_becomes_a_stack()
    {
        SharedFiles.SkipIfMissing();
        foreach (var file in SharedFiles.All().Where(file => Path.GetFileName(file) != "full-example.yml"))
        {
            // A file that only builds its images needs some, as for docker stack deploy.
            var (definition, problems) = new StackReader(new DiskFiles(), new StackReadRequest([file]) { AllowIgnored = true }).TryRead();
            var others = problems.Where(problem => !problem.Message.EndsWith("has no image.", StringComparison.Ordinal)).ToList();
            // One of them mounts at relative paths, which engines refuse when a task starts.
            if (Path.GetFileName(file) == "stack-with-named-resources.yml")
                Assert.All(
                    others,
                    problem => Assert.Contains("in the container is not absolute", problem.Message, StringComparison.Ordinal)
                );
            else
                Assert.True(others.Count == 0, string.Join('\n', others));
            Assert.True(
                definition is not null || others.Count > 0 || File.ReadAllText(file).Contains("build:", StringComparison.Ordinal),
                file
            );
        }
    }

    [Fact]
    public void What_cannot_be_honoured_is_told_of_each()
    {
        SharedFiles.SkipIfMissing();
        var refused = SharedFiles
            .All()
            .SelectMany(file => new StackReader(new DiskFiles(), new StackReadRequest([file])).TryRead().Problems)
            .Where(problem => problem.Message.Contains("cannot be honoured", StringComparison.Ordinal))
            .Select(problem => problem.Message.Split(' ')[0].Split('.')[^1])
            .ToHashSet();
        Assert.Superset(
            new HashSet<string> { "build", "container_name", "network_mode", "platform", "runtime", "driver", "ipv4_address" },
            refused
        );
    }

    /// <summary>docker stack deploy rejects these: it knows no conditions of depends_on. The expectations are made by hand, from the rules of the specification.</summary>
    [Theory]
    [InlineData("nginx-aspnet-mysql", "backend: db; db: ; proxy: backend")]
    [InlineData("nginx-flask-mysql", "db: ; backend: db; proxy: backend")]
    [InlineData("nginx-golang-mysql", "backend: db; db: ; proxy: backend")]
    [InlineData("nginx-golang-postgres", "backend: db; db: ; proxy: backend")]
    [InlineData("react-java-mysql", "backend: db; db: ; frontend: backend")]
    public void Conditions_that_only_todays_Compose_knows_give_the_order(string application, string expected)
    {
        SharedFiles.SkipIfMissing();
        var file = Path.Combine(SharedFiles.Folder, "awesome-compose", application, "compose.yaml");
        var images = Path.Combine(Directory.CreateTempSubdirectory("swarmops-images-").FullName, "images.yaml");
        File.WriteAllText(
            images,
            "services:\n"
                + string.Concat(expected.Split("; ").Select(service => $"  {service.Split(':')[0]}: {{image: a, build: !reset null}}\n"))
        );
        var (definition, problems) = new StackReader(
            new DiskFiles(),
            new StackReadRequest([file, images]) { Name = "x", AllowIgnored = true }
        ).TryRead();
        Assert.Empty(problems.Select(problem => problem.ToString()));
        Assert.Equal(
            expected,
            string.Join(
                "; ",
                definition!.Services.Select(service =>
                    $"{service.Key}: {string.Join(' ', service.DependsOn.Select(dependency => dependency.Service))}"
                )
            )
        );
    }

    [Fact]
    public void The_stack_with_names_of_its_own_has_them()
    {
        SharedFiles.SkipIfMissing();
        var file = Path.Combine(SharedFiles.Folder, "docker-cli", "stack-with-named-resources.yml");
        var text = File.ReadAllText(file).Replace("[volume1, volume2]", "['volume1:/1', 'volume2:/2']", StringComparison.Ordinal);
        var stack = new MemoryFiles(
            ("compose.yaml", text),
            ("data", File.ReadAllText(Path.Combine(Path.GetDirectoryName(file)!, "data")))
        ).Read();
        Assert.Equal(["named-network", null], stack.Networks.Select(network => network.Name));
        Assert.Equal(["named-volume", null], stack.Volumes.Select(volume => volume.Name));
        Assert.Equal(["named-secret", null], stack.Secrets.Select(secret => secret.Name));
        Assert.Equal(["named-config", null], stack.Configs.Select(config => config.Name));
        Assert.Equal("A file with some text", System.Text.Encoding.UTF8.GetString(stack.Secrets[0].Value!.Bytes.Span).TrimEnd());
    }

    [Fact]
    public void Every_key_of_the_full_example_is_known()
    {
        SharedFiles.SkipIfMissing();
        var file = Path.Combine(SharedFiles.Folder, "docker-cli", "full-example.yml");
        var (_, problems) = new StackReader(new DiskFiles(), new StackReadRequest([file]) { AllowIgnored = true }).TryRead();
        Assert.DoesNotContain(problems, problem => problem.Message.Contains("has no key", StringComparison.Ordinal));
    }
}
