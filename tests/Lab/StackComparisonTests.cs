using System.Text.Json.Nodes;

namespace SwarmOps.Tests.Lab;

/// <summary>What Publish-SwarmStack makes of a file equals what docker stack deploy makes of it, field by field.</summary>
public sealed partial class StackComparisonTests(LabFixture lab) : IDisposable
{
    private const string Service = "image: lab/busybox:latest\n    command: [sleep, '900']\n    stop_grace_period: 1s\n    ";

    private readonly Session session = new();

    public static TheoryData<string> Keys =>
        new()
        {
            "environment: {A: x=y z, B: ''}\n    user: '1000:1000'\n    working_dir: /tmp\n    hostname: '{{.Node.Hostname}}'\n    init: true\n    read_only: true\n    tty: true\n    stop_signal: SIGINT\n    labels: {l: m}",
            "ports: ['18083:80', {target: 53, published: 18053, protocol: udp, mode: host}, '18090-18091:90-91']\n    networks: {front: {aliases: [www]}, back: }\n    deploy: {endpoint_mode: vip}",
            "volumes: ['data:/data:ro', 'named:/n', /anonymous, '/tmp:/h:ro', {type: tmpfs, target: /t, tmpfs: {size: 1048576}}, {type: volume, source: data, target: /c, volume: {nocopy: true}}]",
            "deploy: {mode: global, labels: {l: m}, update_config: {parallelism: 2, delay: 1s, failure_action: continue, monitor: 2s, max_failure_ratio: 0.25, order: stop-first}, rollback_config: {parallelism: 1}}",
            "deploy: {replicas: 2, resources: {limits: {cpus: '0.5', memory: 64M, pids: 90}, reservations: {cpus: '0.1', memory: 20M}}, restart_policy: {condition: on-failure, delay: 3s, max_attempts: 4, window: 9s}, placement: {constraints: [node.role==manager, 'node.platform.os!=plan9'], preferences: [{spread: node.labels.region}], max_replicas_per_node: 2}}",
            "healthcheck: {test: [CMD, 'true'], interval: 1s, timeout: 2s, start_period: 5s, retries: 4}\n    extra_hosts: ['db:10.0.0.5']\n    dns: [1.1.1.1]\n    dns_search: [a.example]\n    cap_add: [NET_ADMIN]\n    cap_drop: [ALL]\n    sysctls: {net.core.somaxconn: '99'}\n    ulimits: {nofile: {soft: 1024, hard: 2048}, nproc: 99}\n    logging: {driver: json-file, options: {max-size: 1m}}",
        };

    public void Dispose() => session.Dispose();

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task It_is_what_docker_stack_deploy_makes(string keys)
    {
        if (Keys.Take(2).All(row => row.Data != keys))
            Nightly.SkipUnlessAsked();
        using var ground = await StackGround.FormAsync(lab, session);
        var file =
            $"services:\n  web:\n    {Service}{keys}\nvolumes: {{data: {{labels: {{k: v}}}}, named: {{name: fixed}}}}\nnetworks: {{default: , front: , back: {{driver_opts: {{x: y}}}}}}\n";
        if (!keys.Contains("back", StringComparison.Ordinal))
            file = file[..file.IndexOf("networks: {default", StringComparison.Ordinal)];
        ground.Write(file);
        await ground.DeployByHandAsync();
        // By names of networks: their ids differ from deployment to deployment.
        var theirs = await NamedAsync(ground);
        var differences = ground
            .Run("Compare-SwarmStack -Path $f -Name shop -NoResolveImage -WarningAction SilentlyContinue")
            .ThrowOnError();
        Assert.Equal("", Text(differences));
        ground.Run("Remove-SwarmStack -Name shop -Confirm:$false").ThrowOnError();

        // Whether the tasks run is not the question here.
        ground.Publish("-StableSeconds 0 -TimeoutSeconds 1 -RollbackOnFailure:$false -ErrorAction SilentlyContinue");

        Assert.Equal(theirs, await NamedAsync(ground));
        ground.Run("Remove-SwarmStack -Name shop -Confirm:$false").ThrowOnError();
    }

    [Fact]
    public async Task Sixty_files_make_the_same_services_by_both()
    {
        Nightly.SkipUnlessAsked();
        using var ground = await StackGround.FormAsync(lab, session);
        ground.Write("A=1\nB=two words\n", "a.env");
        ground.Write("A=2\nC=\n", "b.env");
        ground.Write("content\n", "conf.txt");
        await ground.ManagerAsync("docker volume create elsewhere >/dev/null; docker volume create data >/dev/null");
        var different = new List<string>();
        foreach (var (keys, more) in StackComparisonFiles.All)
        {
            var file =
                $"version: '3.13'\nservices:\n  web:\n    image: lab/busybox:latest\n    {keys.Replace("\n", "\n    ", StringComparison.Ordinal)}\n{more}\n";
            ground.Write(file);
            string said;
            try
            {
                said = await ground.DeployByHandAsync();
            }
            catch (InvalidOperationException rejected)
            {
                said = rejected.Message;
            }

            if (await ground.ManagerAsync("docker service ls -q --filter name=shop_web") is not { Length: > 0 })
            {
                different.Add($"{file}The docker CLI: {said}");
                continue;
            }

            var theirs = Plain(await NamedAsync(ground));
            if (
                Text(ground.Run("Compare-SwarmStack -Path $f -Name shop -NoResolveImage -WarningAction SilentlyContinue").ThrowOnError()) is
                { Length: > 0 } drift
            )
                different.Add($"{file}Compared: {drift}");
            ground.Run("Remove-SwarmStack -Name shop -Confirm:$false").ThrowOnError();
            var published = ground.Publish("-StableSeconds 0 -TimeoutSeconds 60");
            if (published.Errors.Count > 0)
                different.Add($"{file}Publish-SwarmStack: {published.Errors[0].Exception.Message}");
            else if (Plain(await NamedAsync(ground)) is var ours && ours != theirs)
                different.Add($"{file}docker: {theirs}\nSwarmOps: {ours}");
            ground.Run("Remove-SwarmStack -Name shop -Confirm:$false -ErrorAction SilentlyContinue");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{StackComparisonFiles.All.Count} files, {different.Count} different.");
        Assert.True(different.Count == 0, string.Join("\n\n", different));
        Assert.Equal(60, StackComparisonFiles.All.Count);
    }

    /// <summary>Without what differs by design: the names of secrets and configs have a hash, and ids are new.</summary>
    private static string Plain(string spec) =>
        System.Text.RegularExpressions.Regex.Replace(
            System.Text.RegularExpressions.Regex.Replace(spec, "-[0-9a-f]{12}\"", "\""),
            "\"(Secret|Config)ID\": \"[a-z0-9]{25}\"",
            "\"$1ID\": \"\""
        );

    [Fact]
    public async Task The_files_that_people_have_are_deployed_alike()
    {
        Nightly.SkipUnlessAsked();
        var files = StackRealFiles.All();
        using var ground = await StackGround.FormAsync(lab, session);
        var (compared, rejected) = (0, 0);
        var different = new List<string>();
        foreach (var (file, index) in files.Select((file, index) => (file, index)))
        {
            var name = $"real{index}";
            var output = await DeployAsync(ground, file, name);
            if (!output.StartsWith("deployed", StringComparison.Ordinal))
            {
                rejected++;
                var answer = session.Run(
                    "$n | Compare-SwarmStack -Path $f -Name $s -NoResolveImage -AllowIgnored -WarningAction SilentlyContinue",
                    ("n", ground.Nodes),
                    ("f", OwnFiles(ground, file)),
                    ("s", name)
                );
                TestContext.Current.TestOutputHelper?.WriteLine(
                    $"{StackRealFiles.Name(file)}: rejected by the docker CLI: {output.Split('\n')[0]}\n  SwarmOps: {string.Join(' ', answer.Errors.Select(error => error.Exception.Message))}"
                );
                // Either it is rejected here too, with positions, or only the docker CLI does not know the keys of today's Compose (RealFileTests has what becomes of them).
                if (!answer.Errors.Any(error => Position().IsMatch(error.Exception.Message)) && !Todays().IsMatch(output))
                    different.Add($"{file}: the docker CLI rejects it, and SwarmOps does not: {output}");
            }
            else
            {
                compared++;
                var found = session.Run(
                    "$n | Compare-SwarmStack -Path $f -Name $s -NoResolveImage -AllowIgnored -WarningAction SilentlyContinue",
                    ("n", ground.Nodes),
                    ("f", OwnFiles(ground, file)),
                    ("s", name)
                );
                if (Text(Documented(found)) is { Length: > 0 } text)
                    different.Add($"{file}:\n{text}\n{string.Join('\n', found.Errors.Select(error => error.Exception.Message))}");
            }

            session.Run("$n | Remove-SwarmStack -Name $s -Confirm:$false -ErrorAction SilentlyContinue", ("n", ground.Nodes), ("s", name));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{compared} files compared, {rejected} rejected by the docker CLI.");
        Assert.True(different.Count == 0, string.Join("\n\n", different));
        Assert.InRange(compared, files.Count / 2, files.Count);
    }

    /// <summary>Deploys a file as it is, with an image for each service that would be built.</summary>
    private static async Task<string> DeployAsync(StackGround ground, string file, string name)
    {
        var images = BuiltServices(file);
        var also = images.Count == 0 ? "" : $" -c {ground.Write(Override(images), "images.yaml")}";
        await ground.CopyAsync(Path.GetDirectoryName(file)!);
        await ground.CopyAsync(ground.Folder);
        return await ground.ManagerAsync(
            $"cd {Path.GetDirectoryName(file)} && set -a && {{ [ ! -f .env ] || . ./.env; }} && if docker stack deploy --detach=true --resolve-image never -c {file}{also} {name} >/tmp/out 2>&1; then echo deployed; else tail -1 /tmp/out; fi"
        );
    }

    private static string[] OwnFiles(StackGround ground, string file) =>
        BuiltServices(file).Count == 0 ? [file] : [file, Path.Combine(ground.Folder, "images.yaml")];

    private static string Override(IEnumerable<string> services) =>
        "services:\n" + string.Concat(services.Select(service => $"  {service}:\n    image: lab/busybox:latest\n"));

    /// <summary>The services of a file without an image: with two spaces before their names, as all of these files have them.</summary>
    private static List<string> BuiltServices(string file)
    {
        var built = new List<string>();
        string? service = null;
        var (inServices, hasImage) = (false, true);
        foreach (var line in File.ReadLines(file).Append("end:"))
        {
            var isKey =
                line.Length > 2
                && line.StartsWith("  ", StringComparison.Ordinal)
                && char.IsAsciiLetterOrDigit(line[2])
                && line.TrimEnd().EndsWith(':');
            if (isKey || (line.Length > 0 && char.IsAsciiLetter(line[0])))
            {
                if (service is not null && !hasImage)
                    built.Add(service);
                service = null;
            }

            if (line.Length > 0 && char.IsAsciiLetter(line[0]))
                inServices = line.StartsWith("services:", StringComparison.Ordinal);
            else if (inServices && isKey)
                (service, hasImage) = (line.Trim().TrimEnd(':'), false);
            else if (line.TrimStart().StartsWith("image:", StringComparison.Ordinal))
                hasImage = true;
        }

        return built;
    }

    [System.Text.RegularExpressions.GeneratedRegex(":[0-9]+:[0-9]+: ")]
    private static partial System.Text.RegularExpressions.Regex Position();

    [System.Text.RegularExpressions.GeneratedRegex(
        "depends_on must be a list|Additional property (name|platform|runtime) is not allowed|Only networks scoped to the swarm can be used"
    )]
    private static partial System.Text.RegularExpressions.Regex Todays();

    /// <summary>Without what docs/compose.md says of <c>restart: "no"</c>, which the docker CLI ignores.</summary>
    private static Outcome Documented(Outcome outcome) =>
        outcome with
        {
            Objects = [.. outcome.Objects.Where(found => found is not SwarmStackDifference { Details: ["RestartPolicy.Condition: none"] })],
        };

    private static string Text(Outcome outcome) =>
        string.Join(
            '\n',
            outcome
                .Objects.OfType<SwarmStackDifference>()
                .Where(difference => difference.Kind is SwarmStackObjectKind.Service or SwarmStackObjectKind.Network)
                .Select(difference => $"{difference}: {string.Join("; ", difference.Details)}")
        );

    private static async Task<string> NamedAsync(StackGround ground)
    {
        var spec = await ground.SpecAsync("shop_web");
        foreach (var network in spec["TaskTemplate"]!["Networks"]!.AsArray())
            network!["Target"] = await ground.ManagerAsync($"docker network inspect -f '{{{{.Name}}}}' {(string)network["Target"]!}");
        return Sorted(spec)!.ToJsonString(new() { WriteIndented = true });
    }

    private static JsonNode? Sorted(JsonNode? node) =>
        node switch
        {
            JsonObject table => new JsonObject(
                table
                    .OrderBy(entry => entry.Key, StringComparer.Ordinal)
                    .Select(entry => KeyValuePair.Create(entry.Key, Sorted(entry.Value)))
            ),
            JsonArray list => new JsonArray([.. list.Select(Sorted)]),
            _ => node?.DeepClone(),
        };
}
