using System.Text.Json.Nodes;
using SwarmOps.Services.Specification;

namespace SwarmOps.Tests.Lab;

/// <summary>What an update names reaches the engine, whatever its value; and what the engine cannot tell apart is no change.</summary>
public sealed class ServiceDifferenceTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task An_update_brings_zeros_falses_empty_texts_and_commas_to_the_engine_and_again_changes_nothing()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        session
            .Run(
                "$n | New-SwarmService -Name odd -Image lab/busybox:latest -NoResolveImage -Replicas 0 -ArgumentList a, b -Environment @{ LEVEL = '1' } -Sysctl @{ 'net.ipv4.ip_forward' = '1' } -NoWait",
                ("n", nodes)
            )
            .ThrowOnError();
        // One line each: a value that was dropped would arrive together with another difference.
        string[] lines =
        [
            "$n | Update-SwarmService -Name odd -NoWait -Label @{ 'traefik.enable' = 'false'; weight = '0' }",
            "$n | Update-SwarmService -Name odd -NoWait -Label @{ note = '' }",
            "$n | Update-SwarmService -Name odd -NoWait -ContainerLabel @{ on = 'false' }",
            "$n | Update-SwarmService -Name odd -NoWait -Environment @{ LEVEL = '0'; DEBUG = 'false' }",
            "$n | Update-SwarmService -Name odd -NoWait -ArgumentList 'a, b'",
            "$n | Update-SwarmService -Name odd -NoWait -Sysctl @{ 'net.ipv4.ip_forward' = '0' }",
            "$n | Update-SwarmService -Name odd -NoWait -LogDriver json-file -LogOption @{ compress = 'false' }",
        ];

        foreach (var line in lines)
            session.Run(line, ("n", nodes)).ThrowOnError();
        var spec = await SpecAsync();
        var version = await VersionAsync();
        foreach (var line in lines)
            session.Run(line, ("n", nodes)).ThrowOnError();

        var container = spec["TaskTemplate"]!["ContainerSpec"]!;
        Assert.Equal("""{"note":"","traefik.enable":"false","weight":"0"}""", spec["Labels"]!.ToJsonString());
        Assert.Equal("""{"on":"false"}""", container["Labels"]?.ToJsonString());
        Assert.Equal("""["LEVEL=0","DEBUG=false"]""", container["Env"]!.ToJsonString());
        Assert.Equal("""["a, b"]""", container["Args"]!.ToJsonString());
        Assert.Equal("""{"net.ipv4.ip_forward":"0"}""", container["Sysctls"]?.ToJsonString());
        Assert.Equal("""{"compress":"false"}""", spec["TaskTemplate"]!["LogDriver"]?["Options"]?.ToJsonString());
        Assert.Equal(version, await VersionAsync());

        var turned = session
            .Run(
                "$n | Update-SwarmService -Name odd -NoWait -Label @{ weight = 'false' } -ArgumentList a, b -StopGraceSeconds 0 -Init:$false -Verbose",
                ("n", nodes)
            )
            .ThrowOnError();
        spec = await SpecAsync();
        Assert.Equal("false", (string?)spec["Labels"]!["weight"]);
        Assert.Equal("""["a","b"]""", spec["TaskTemplate"]!["ContainerSpec"]!["Args"]!.ToJsonString());
        Assert.Equal(0, (long?)spec["TaskTemplate"]!["ContainerSpec"]!["StopGracePeriod"]);
        Assert.Contains("odd: Labels.weight: 0 -> false", turned.Verbose);
    }

    [Fact]
    public async Task A_service_of_the_docker_CLI_is_not_changed_by_a_line_that_names_what_it_has()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        await ServiceSwarm.ManagerAsync(
            lab,
            "docker service create -q --detach --name odd --no-resolve-image --replicas 0 --env B=2 --env A=1 --label b=0 lab/busybox:latest sleep 900 >/dev/null"
        );
        await ServiceSwarm.ManagerAsync(
            lab,
            """
            curl -s --unix-socket /var/run/docker.sock -H 'Content-Type: application/json' http://x/v1.41/services/create \
                -d '{"Name":"bare","TaskTemplate":{"ContainerSpec":{"Image":"lab/busybox:latest","Env":["B=2","A=1"]}},"Mode":{"Replicated":{"Replicas":0}}}' >/dev/null
            """
        );

        foreach (var name in new[] { "odd", "bare" })
        {
            var version = await VersionAsync(name);
            session
                .Run(
                    $"$n | New-SwarmService -Name {name} -Image lab/busybox:latest -NoResolveImage -Environment @{{ A = 1; B = 2 }} -NoWait",
                    ("n", nodes)
                )
                .ThrowOnError();
            session.Run($"$n | Update-SwarmService -Name {name} -Environment @{{ A = 1 }} -NoWait", ("n", nodes)).ThrowOnError();
            Assert.Equal(version, await VersionAsync(name));
        }
    }

    [Fact]
    public async Task Random_documents_differ_for_us_when_they_differ_for_the_engine()
    {
        await ServiceSwarm.FormAsync(lab, session);
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SWARMOPS_SEED"), out var given) ? given : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"SWARMOPS_SEED={seed}");
        var generator = new SpecGenerator(seed);
        var documents = new List<JsonObject>();
        for (var count = 0; count < (Nightly.IsAsked ? 60 : 15); count++)
        {
            documents.Add(generator.Create());
            documents.Add(generator.Vary(documents[^1]));
        }

        var kept = await KeptAsync(documents);

        for (var number = 0; number < documents.Count; number++)
        {
            Assert.True(
                SpecDifferences.List(kept[number], documents[number]) is { Count: 0 },
                $"seed {seed}, document {number}: {string.Join("; ", SpecDifferences.List(kept[number], documents[number]))}\n{documents[number]}\n{kept[number]}"
            );
            var other = number ^ 1;
            Assert.True(
                SpecDifferences.List(documents[number], documents[other]).Count == 0 == JsonNode.DeepEquals(kept[number], kept[other]),
                $"seed {seed}, documents {number} and {other}: {string.Join("; ", SpecDifferences.List(documents[number], documents[other]))}\n{documents[number]}\n{documents[other]}"
            );
            Assert.True(
                JsonNode.DeepEquals(kept[number], EngineModel.Keep(documents[number])),
                $"seed {seed}, document {number}: the engine keeps {kept[number].ToJsonString()}, the model {EngineModel.Keep(documents[number]).ToJsonString()}"
            );
        }
    }

    /// <summary>Makes a service of each document, reads it back, and removes it.</summary>
    private async Task<IReadOnlyList<JsonObject>> KeptAsync(IReadOnlyList<JsonObject> documents)
    {
        await ServiceSwarm.ManagerAsync(
            lab,
            $$"""
            mkdir -p /tmp/specs
            cd /tmp/specs
            base64 -d <<'end' | gzip -d | split -l 1 -d -a 4 - spec
            {{Packed(string.Join('\n', documents.Select(document => document.ToJsonString())))}}
            end
            """
        );
        var answers = await ServiceSwarm.ManagerAsync(
            lab,
            """
            cd /tmp/specs
            api() { curl -s --unix-socket /var/run/docker.sock -H 'Content-Type: application/json' "$@"; }
            for file in spec*; do
                answer=$(api http://x/v1.41/services/create -d @$file)
                case $answer in *'"ID"'*) ;; *) echo "$answer" | tr -d '\n'; echo; continue ;; esac
                api http://x/v1.41/services/spec | tr -d '\n'; echo
                api -X DELETE http://x/v1.41/services/spec
            done
            rm -r /tmp/specs
            """
        );
        var lines = answers.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(documents.Count, lines.Count);
        return
        [
            .. lines.Select(
                (line, number) =>
                    WithoutUnset(line["Spec"] as JsonObject)
                    ?? throw new InvalidOperationException($"{line.ToJsonString()} to {documents[number].ToJsonString()}")
            ),
        ];
    }

    /// <summary>Engine 28 also writes this field where it is not set; engine 20.10 does not.</summary>
    private static JsonObject? WithoutUnset(JsonObject? kept)
    {
        if (
            kept?["TaskTemplate"]?["ContainerSpec"]?["Privileges"] is JsonObject privileges
            && (bool?)privileges["NoNewPrivileges"] is false
        )
            privileges.Remove("NoNewPrivileges");
        return kept;
    }

    private static string Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(System.Text.Encoding.UTF8.GetBytes(text));
        return Convert.ToBase64String(packed.ToArray());
    }

    private async Task<JsonNode> SpecAsync() =>
        JsonNode.Parse(await ServiceSwarm.ManagerAsync(lab, "docker service inspect -f '{{json .Spec}}' odd"))!;

    private async Task<string> VersionAsync(string name = "odd") =>
        (await ServiceSwarm.ManagerAsync(lab, $"docker service inspect -f '{{{{.Version.Index}}}}' {name}")).Trim();
}
