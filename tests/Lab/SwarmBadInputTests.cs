namespace SwarmOps.Tests.Lab;

/// <summary>Bad inputs of Initialize-Swarm and Join-SwarmAsWorker: each its own error id, and nothing is changed.</summary>
public sealed class SwarmBadInputTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();

    public static TheoryData<string, string> OnBareEngines =>
        new()
        {
            { "$n | Initialize-Swarm -On nosuchnode", "NodeNotInSet" },
            { "$n | Initialize-Swarm -AddressPool 10.300.0.0/16", "AddressPoolInvalid" },
            { "$n | Initialize-Swarm -AddressPool 10.20.0.1/16", "AddressPoolInvalid" },
            { "$n | Initialize-Swarm -AddressPool 10.20.0.0", "AddressPoolInvalid" },
            { "$n | Initialize-Swarm -AddressPool fd00::/64", "AddressPoolInvalid" },
            { "$n | Initialize-Swarm -AddressPool nonsense", "AddressPoolInvalid" },
            { "$n | Initialize-Swarm -AddressPool 10.20.0.0/16 -SubnetSize 12", "SubnetSizeInvalid" },
            { "$n | Initialize-Swarm -AddressPool 10.20.0.0/26", "SubnetSizeInvalid" },
            { "$n | Initialize-Swarm -SubnetSize 31", "ParameterArgumentValidationError" },
            { "$n | Initialize-Swarm -DataPathPort 80", "ParameterArgumentValidationError" },
            { "$n | Initialize-Swarm -DataPathPort 70000", "ParameterArgumentValidationError" },
            { "$n | Initialize-Swarm -ListenAddress nosuchname:2377", "ListenAddressInvalid" },
            { "$n | Initialize-Swarm -ListenAddress 10.0.0.5:99999", "ListenAddressInvalid" },
            { "$n | Initialize-Swarm -CertificateValidity 00:30:00", "CertificateValidityTooShort" },
            { "$n | Initialize-Swarm -DispatcherHeartbeat 00:00:00.5", "DispatcherHeartbeatTooShort" },
            { "$n | Initialize-Swarm -TaskHistoryLimit -1", "ParameterArgumentValidationError" },
            { "$n | Initialize-Swarm -TimeoutSeconds 0", "ParameterArgumentValidationError" },
            { "$n | Initialize-Swarm -ThrottleLimit 0", "ParameterArgumentValidationError" },
            { "$n | Initialize-Swarm -ConnectionTimeoutSeconds 0", "ParameterArgumentValidationError" },
            { "Initialize-Swarm -Node @()", "ParameterArgumentValidationError" },
            { "Initialize-Swarm -Node $null", "ParameterArgumentValidationError" },
            { "Initialize-Swarm -Node 'nosuchnode'", "CannotConvertArgumentNoMessage" },
            { "$n[0], $n[0] | Initialize-Swarm", "DuplicateNodeName" },
            { "$n[0], $same | Initialize-Swarm", "DuplicateEndpoint" },
            { "$noAddress | Initialize-Swarm", "AdvertiseAddressMissing" },
            { "$aName | Initialize-Swarm", "AdvertiseAddressNotAnAddress" },
            { "$noEndpoint | Initialize-Swarm", "NodeHasNoEndpoint" },
            { "$badEndpoint | Initialize-Swarm", "DockerHostInvalid" },
            { "$wrongHostKey | Initialize-Swarm", "HostKeyMismatch" },
            { "$noKeyFile | Initialize-Swarm", "SshKeyNotFound" },
            { "$badKeyFile | Initialize-Swarm", "SshKeyInvalid" },
            { "$wrongUser | Initialize-Swarm", "SshAuthenticationFailed" },
            { "$n | Join-SwarmAsWorker", "NoManagerInSet" },
            { "$n[0] | Join-SwarmAsWorker -Manager $n[1]", "NoManagerInSet" },
            { "$n | Join-SwarmAsWorker -Manager $null", "ParameterArgumentValidationError" },
            { "$n | Join-SwarmAsWorker -TimeoutSeconds 0", "ParameterArgumentValidationError" },
        };

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task On_bare_engines_each_has_its_error_and_nothing_is_changed()
    {
        await lab.ResetAsync();
        var wrong = new List<string>();
        foreach (var row in OnBareEngines)
        {
            var (script, errorId) = row.Data;
            var outcome = session.Run(script, Variables());
            if (FirstId(outcome) != errorId || outcome.Objects.Count > 0)
                wrong.Add($"{script}: {string.Join(", ", outcome.ErrorIds)} and {outcome.Objects.Count} objects instead of {errorId}");
        }

        Assert.Empty(wrong);
        foreach (var host in lab.Hosts)
            Assert.Equal("inactive", (await lab.ExecAsync(host, "docker info -f '{{.Swarm.LocalNodeState}}'")).Trim());
    }

    [Fact]
    public async Task On_a_swarm_each_has_its_error_and_nothing_is_changed()
    {
        await lab.ResetAsync();
        var nodes = session.Nodes(lab);
        session.Run("$n[0] | Initialize-Swarm", ("n", nodes)).ThrowOnError();
        await lab.ExecAsync(
            lab.Hosts[1],
            $"docker swarm init --advertise-addr {lab.Hosts[1].PublicAddress} --listen-addr {lab.Hosts[1].PrivateAddress}:2377"
        );
        var before = await StatesAsync();
        (string Script, string ErrorId)[] rows =
        [
            ("$n | Initialize-Swarm", "NodesInDifferentSwarms"),
            ("$n | Join-SwarmAsWorker", "NodesInDifferentSwarms"),
            ("$stray | Initialize-Swarm", "WrongSwarm"),
            ("$n[0], $strayThird | Join-SwarmAsWorker", "WrongSwarm"),
            ("$n[0] | Initialize-Swarm -AddressPool 10.99.0.0/16", "SwarmOptionsDiffer"),
            ("$n[0] | Initialize-Swarm -SubnetSize 20", "SwarmOptionsDiffer"),
            ("$n[0] | Initialize-Swarm -DataPathPort 5000", "SwarmOptionsDiffer"),
            ("$otherAddress | Join-SwarmAsWorker", "AdvertiseAddressDiffers"),
        ];
        var wrong = new List<string>();
        foreach (var (script, errorId) in rows)
        {
            var outcome = session.Run(script, Variables());
            if (FirstId(outcome) != errorId)
                wrong.Add($"{script}: {string.Join(", ", outcome.ErrorIds)} instead of {errorId}");
        }

        Assert.Empty(wrong);
        Assert.Equal(before, await StatesAsync());
    }

    private static string FirstId(Outcome outcome) => outcome.ErrorIds.Count > 0 ? outcome.ErrorIds[0] : "no error";

    private async Task<string> StatesAsync() =>
        string.Join(
            '\n',
            await Task.WhenAll(
                lab.Hosts.Select(host =>
                    lab.ExecAsync(host, "docker info -f '{{.Swarm.LocalNodeState}} {{.Swarm.NodeID}} {{.Swarm.Managers}} {{.Swarm.Nodes}}'")
                )
            )
        );

    private (string Name, object? Value)[] Variables()
    {
        var nodes = session.Nodes(lab);
        var node = nodes[0];
        var foreignId = "aaaaaaaaaaaaaaaaaaaaaaaaa";
        return
        [
            ("n", nodes.ToArray()),
            ("same", nodes[0] with { Name = "another" }),
            ("noAddress", node with { AdvertiseAddress = null }),
            ("aName", node with { AdvertiseAddress = "nosuchname" }),
            ("noEndpoint", node with { DockerHost = null }),
            ("badEndpoint", node with { DockerHost = "ftp://203.0.113.9" }),
            ("wrongHostKey", node with { HostKeyFingerprint = nodes[1].HostKeyFingerprint }),
            ("noKeyFile", node with { KeyFilePath = "/nosuchfolder/key" }),
            ("badKeyFile", node with { KeyFilePath = Repository.Module }),
            ("wrongUser", node with { DockerHost = $"ssh://nosuchuser@{lab.Hosts[0].PublicAddress}" }),
            ("stray", node with { SwarmId = foreignId }),
            ("strayThird", nodes[2] with { SwarmId = foreignId }),
            ("otherAddress", node with { AdvertiseAddress = lab.Hosts[2].PublicAddress }),
        ];
    }
}
