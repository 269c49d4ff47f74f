using System.Globalization;
using System.Text.RegularExpressions;

namespace SwarmOps.Tests.Lab;

/// <summary>What a comparison with the swarm asks of the engines, and what it says of volumes and of a network from the pipeline.</summary>
public sealed partial class StackPlanTests(LabFixture lab) : IDisposable
{
    private const string Service = "image: lab/busybox:latest\n    command: sleep 900\n    stop_grace_period: 1s\n";

    /// <summary>How many images the forty services have.</summary>
    private const int Images = 8;

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    /// <summary>Forty services of eight images of a registry, with secrets, configs, and ports on the hosts.</summary>
    internal static async Task WriteFortyAsync(StackGround ground)
    {
        await ground.ManagerAsync(
            $"for i in $(seq 0 {Images - 1}); do docker tag lab/busybox:latest registry.lab:5000/forty:$i && docker push -q registry.lab:5000/forty:$i >/dev/null; done"
        );
        ground.Write(
            "services:\n"
                + string.Concat(
                    Enumerable
                        .Range(0, 40)
                        .Select(index =>
                            $"  s{index}:\n    image: registry.lab:5000/forty:{index % Images}\n    command: sleep 900\n    stop_grace_period: 1s\n    environment: {{INDEX: '{index}'}}\n    secrets: [pw{index % 10}]\n    configs: [{{source: conf{index % 10}, target: /etc/conf}}]\n    ports: ['{18200 + index}:80']\n"
                        )
                )
                + "secrets:\n"
                + string.Concat(Enumerable.Range(0, 10).Select(index => $"  pw{index}: {{environment: FORTY_PW}}\n"))
                + "configs:\n"
                + string.Concat(Enumerable.Range(0, 10).Select(index => $"  conf{index}: {{content: 'number {index}'}}\n"))
        );
    }

    /// <summary>Shows what the forty services would change.</summary>
    internal static Outcome ShowForty(StackGround ground, string more = "") =>
        ground
            .Run(
                $"Publish-SwarmStack -Path $f -Name shop -Variable @{{ FORTY_PW = 'secret' }} -WhatIf {more} -WarningAction SilentlyContinue"
            )
            .ThrowOnError();

    [Fact]
    public async Task Forty_services_are_compared_with_a_fixed_number_of_calls()
    {
        using var ground = await StackGround.FormAsync(lab, session);
        await WriteFortyAsync(ground);
        ShowForty(ground);

        // A read that is repeated because a busy machine was late adds a call: the fewest of three runs are the cmdlet's own.
        var asked = Enumerable.Range(0, 3).Select(_ => Asked(ShowForty(ground, "-Verbose"))).Min();

        var hosts = lab.Hosts.Count;
        TestContext.Current.TestOutputHelper?.WriteLine($"{asked.Calls} calls, {asked.Commands} commands, {asked.Path} in sequence");
        // Each engine is asked for its state and each host for its ports; a manager for nodes, services, networks, secrets and configs, and for the digest of each image.
        Assert.InRange(asked.Calls, 1, hosts + 5 + Images);
        Assert.InRange(asked.Commands, 1, hosts);
        // The state of the engines; the nodes; what the swarm has, and the digests; the ports of the hosts.
        Assert.InRange(asked.Path, 1, 4);
        Assert.Equal("", await ground.ManagerAsync("docker service ls -q; docker secret ls -q"));
    }

    [Fact]
    public async Task Volumes_are_compared_with_those_of_the_nodes()
    {
        using var ground = await StackGround.FormAsync(lab, session);
        var host = lab.Hosts[^1];
        ground.Write(
            $"""
            services:
              web:
                {Service}
                volumes: ["fresh:/fresh", "kept:/kept", "there:/there"]
            volumes:
              fresh:
              kept: {"{driver_opts: {type: tmpfs, device: tmpfs, o: size=1m}}"}
              there: {"{external: true}"}
            """
        );
        await lab.ExecAsync(host, "docker volume create shop_kept; docker volume create there");
        try
        {
            var compared = ground.Run("Compare-SwarmStack -Path $f -Name shop -NoResolveImage").ThrowOnError();

            var volume = Assert.Single(
                compared.Objects.Cast<SwarmStackDifference>(),
                difference => difference.Kind == SwarmStackObjectKind.Volume
            );
            Assert.Equal(("shop_fresh", SwarmStackChange.Create), (volume.Name, volume.Change));
            Assert.Contains(
                compared.Warnings,
                warning =>
                    warning.StartsWith(
                        $"The volume 'shop_kept' exists on {host.Name} with other driver options (",
                        StringComparison.Ordinal
                    )
            );
            Assert.Contains(
                compared.Warnings,
                warning => warning.StartsWith("The external volume 'there' does not exist on ", StringComparison.Ordinal)
            );

            await lab.ExecAsync(host, "docker volume rm there");
            var failed = ground.Publish();
            Assert.Equal(["StackCheckFailed"], failed.ErrorIds);
            Assert.Contains("the external volume 'there' of 'shop_web'", failed.Errors[0].Exception.Message, StringComparison.Ordinal);
            Assert.Equal("", await ground.ManagerAsync("docker service ls -q"));
        }
        finally
        {
            await lab.ExecAsync(host, "docker volume rm -f shop_kept there >/dev/null");
        }
    }

    [Fact]
    public async Task An_overlay_network_from_the_pipeline_is_the_default_network()
    {
        using var ground = await StackGround.FormAsync(lab, session);
        ground.Run("New-EncryptedOverlay -Name joined -Unencrypted").ThrowOnError();
        try
        {
            ground.Write($"services:\n  web:\n    {Service}");
            const string stack = "-Path $f -Name shop -NoResolveImage -WarningAction SilentlyContinue";

            var made = (SwarmStack)
                ground.Run($"Get-SwarmOverlay -Name joined | Publish-SwarmStack {stack} -StableSeconds 0").ThrowOnError().Objects.Single();

            Assert.Empty(made.Networks);
            Assert.Equal(["joined"], Assert.Single(made.Services).Networks);
            Assert.Equal("", await ground.ManagerAsync("docker network ls -q --filter name=shop_default"));
            Assert.Empty(ground.Run($"Get-SwarmOverlay -Name joined | Compare-SwarmStack {stack}").ThrowOnError().Objects);
            // With nodes alone it would get a network of its own.
            Assert.Equal(
                ["Create Network shop_default", "Update Service shop_web"],
                ground.Run($"Compare-SwarmStack {stack}").ThrowOnError().Objects.Select(difference => difference.ToString())
            );
            ground.Run("Remove-SwarmStack -Name shop -Confirm:$false").ThrowOnError();
            Assert.Equal("joined", await ground.ManagerAsync("docker network ls --filter name=joined --format '{{.Name}}'"));
        }
        finally
        {
            ground.Run("Get-SwarmStack | Remove-SwarmStack -Confirm:$false");
            ground.Run("Remove-SwarmOverlay -Name joined -Confirm:$false").ThrowOnError();
        }
    }

    private static (int Path, int Calls, int Commands) Asked(Outcome outcome)
    {
        var nodes = outcome.Verbose.Select(line => CallLine().Match(line)).Where(match => match.Success).ToList();
        return (
            Number(outcome.Verbose.Select(line => PathLine().Match(line)).Single(match => match.Success).Groups[1]),
            nodes.Sum(match => Number(match.Groups[1])),
            nodes.Sum(match => Number(match.Groups[2]))
        );
    }

    private static int Number(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("^[^ ]+: ([0-9]+) engine calls?, ([0-9]+) commands?$")]
    private static partial Regex CallLine();

    [GeneratedRegex("^Critical path: ([0-9]+) round trips?$")]
    private static partial Regex PathLine();
}
