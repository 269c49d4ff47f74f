using System.Text.Json.Nodes;
using SwarmOps.Services.Registry;

namespace SwarmOps.Tests.Lab;

/// <summary>Images of a registry that wants a password.</summary>
public sealed class RegistryTests(LabFixture lab) : IDisposable
{
    private const string Settings = "-Mode Global -StableSeconds 0 -StopGraceSeconds 1 -ArgumentList sleep, 900";

    private readonly Session session = new();
    private readonly string folder = Directory.CreateTempSubdirectory("registry").FullName;

    private string Image => $"{lab.PrivateRegistry.Address}/private/busybox:1";

    public void Dispose()
    {
        session.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task With_a_credential_the_image_is_pinned_and_every_node_pulls_it()
    {
        var nodes = await FormAsync();

        var outcome = session
            .Run(
                $"$n | New-SwarmService -Name closed -Image {Image} -RegistryCredential $c {Settings} -Verbose",
                ("n", nodes),
                ("c", lab.PrivateRegistry.Credential())
            )
            .ThrowOnError();

        var service = (SwarmService)outcome.Objects.Single();
        Assert.Matches($"^{Image}@sha256:[0-9a-f]{{64}}$", service.Image);
        Assert.Equal(3, service.RunningCount);
        Assert.Empty(outcome.Warnings);
        Assert.DoesNotContain(outcome.Verbose, line => line.Contains(lab.PrivateRegistry.Password, StringComparison.Ordinal));
        // Again it is nothing, with the credential too.
        var version = await VersionAsync();
        session
            .Run(
                $"$n | New-SwarmService -Name closed -Image {Image} -RegistryCredential $c {Settings}",
                ("n", nodes),
                ("c", lab.PrivateRegistry.Credential())
            )
            .ThrowOnError();
        Assert.Equal(version, await VersionAsync());
    }

    [Fact]
    public async Task The_swarm_keeps_the_credential_for_a_node_that_needs_the_image_later()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await FormAsync();
        session
            .Run(
                $"$n | New-SwarmService -Name closed -Image {Image} -RegistryCredential $c {Settings}",
                ("n", nodes),
                ("c", lab.PrivateRegistry.Credential())
            )
            .ThrowOnError();

        var changed = session
            .Run("$n | Update-SwarmService -Name closed -Constraint 'node.labels.region!=us-west-1' -StableSeconds 0", ("n", nodes))
            .ThrowOnError();
        await ForgetAsync("us-west-1");
        var back = session
            .Run(
                "$n | Update-SwarmService -Name closed -Constraint 'node.labels.region!=mars-1' -Environment @{ A = 'b' } -StableSeconds 0",
                ("n", nodes)
            )
            .ThrowOnError();

        Assert.Equal([2, 3], changed.Objects.Concat(back.Objects).Cast<SwarmService>().Select(service => service.RunningCount));
    }

    [Fact]
    public async Task A_config_file_that_docker_login_wrote_serves_as_well()
    {
        var nodes = await FormAsync();
        await lab.ExecAsync(
            lab.Hosts[0],
            $"printf %s '{lab.PrivateRegistry.Password}' | docker --config /tmp/login login -u {lab.PrivateRegistry.User} --password-stdin {lab.PrivateRegistry.Address} 2>/dev/null"
        );
        var file = Path.Combine(folder, "config.json");
        await File.WriteAllTextAsync(
            file,
            await lab.ExecAsync(lab.Hosts[0], "cat /tmp/login/config.json; rm -r /tmp/login"),
            TestContext.Current.CancellationToken
        );

        var service = (SwarmService)
            session
                .Run($"$n | New-SwarmService -Name closed -Image {Image} -DockerConfigPath '{file}' {Settings}", ("n", nodes))
                .ThrowOnError()
                .Objects.Single();

        Assert.Equal(3, service.RunningCount);
        Assert.Contains("@sha256:", service.Image, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_before_anything_is_changed()
    {
        var nodes = await FormAsync();

        var outcome = session.Run(
            $"$n | New-SwarmService -Name closed -Image {Image} -RegistryCredential $c {Settings}",
            ("n", nodes),
            ("c", lab.PrivateRegistry.Credential("not this one"))
        );

        Assert.Equal("RegistryLoginRefused", Assert.Single(outcome.ErrorIds));
        Assert.Contains(Image, outcome.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not this one", outcome.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal("", (await ServiceSwarm.ManagerAsync(lab, "docker service ls -q")).Trim());
    }

    [Fact]
    public async Task Without_a_credential_the_tasks_fail_and_the_error_says_what_is_missing()
    {
        var nodes = await FormAsync();

        var outcome = session.Run($"$n | New-SwarmService -Name closed -Image {Image} {Settings}", ("n", nodes));

        Assert.Equal("ServiceNotConverged", Assert.Single(outcome.ErrorIds));
        Assert.Contains("could not be pinned", Assert.Single(outcome.Warnings), StringComparison.Ordinal);
        Assert.Contains("No such image", outcome.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Contains("-RegistryCredential", outcome.Errors[0].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        // And an update that brings the credential, and nothing else, mends it.
        var mended = session
            .Run(
                $"$n | Update-SwarmService -Name closed -RegistryCredential $c -StableSeconds 0",
                ("n", nodes),
                ("c", lab.PrivateRegistry.Credential())
            )
            .ThrowOnError();
        Assert.Equal(3, ((SwarmService)mended.Objects.Single()).RunningCount);
    }

    [Fact]
    public async Task An_update_brings_a_new_credential_and_says_so()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await FormAsync();
        session
            .Run(
                $"$n | New-SwarmService -Name closed -Image {Image} -RegistryCredential $c {Settings}",
                ("n", nodes),
                ("c", lab.PrivateRegistry.Credential())
            )
            .ThrowOnError();
        var version = await VersionAsync();

        var outcome = session
            .Run(
                "$n | Update-SwarmService -Name closed -RegistryCredential $c -StableSeconds 0 -Verbose",
                ("n", nodes),
                ("c", lab.PrivateRegistry.Credential())
            )
            .ThrowOnError();

        Assert.NotEqual(version, await VersionAsync());
        Assert.Contains(
            outcome.Verbose,
            line => line.Contains($"the credential for {lab.PrivateRegistry.Address}", StringComparison.Ordinal)
        );
        Assert.Equal(3, ((SwarmService)outcome.Objects.Single()).RunningCount);
    }

    /// <summary>A swarm on whose nodes the image is not, and a registry that has it.</summary>
    private async Task<IReadOnlyList<SwarmNode>> FormAsync()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        await lab.PushAsync("lab/busybox:latest", Image);
        await Task.WhenAll(lab.Hosts.Select(host => ForgetAsync(host.Region)));
        return nodes;
    }

    private Task<string> ForgetAsync(string region) =>
        lab.ExecAsync(
            lab.Hosts.Single(host => host.Region == region),
            $$"""
            for try in $(seq 50); do [ -n "$(docker ps -aq -f label=com.docker.swarm.service.name=closed)" ] || break; sleep 0.2; done
            for name in $(docker images --digests -f 'reference={{lab.PrivateRegistry.Address}}/private/busybox' --format '{{"{{.Repository}}@{{.Digest}}"}}' | grep -v '<none>'); do docker rmi "$name" >/dev/null; done
            docker rmi {{Image}} >/dev/null 2>&1 || true
            """
        );

    private async Task<long> VersionAsync() =>
        (long)
            JsonNode.Parse(
                await ServiceSwarm.ManagerAsync(lab, "curl -s --unix-socket /var/run/docker.sock http://x/v1.41/services/closed")
            )!["Version"]!["Index"]!;
}
