namespace SwarmOps.Tests.Lab;

/// <summary>Bad inputs of the cmdlets for services, secrets and edge services: each its own error id, and nothing is changed.</summary>
public sealed class ServiceBadInputTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();

    private static readonly (string Script, string ErrorId)[] Inputs =
    [
        ("New 'a b'", "ServiceNameInvalid"),
        ("New -a-", "ServiceNameInvalid"),
        ("New ('a' * 64)", "ServiceNameInvalid"),
        ("$n | New-SwarmService -Name bad", "ImageMissing"),
        ("$n | New-SwarmService -Name bad -Image 'Not An Image'", "ImageNameInvalid"),
        ("$n | New-SwarmService -Name bad -Like nowhere", "ServiceNotFound"),
        ("New bad -Mode Global -Replicas 2", "ReplicasWithoutReplication"),
        ("New bad -MaxConcurrent 2", "MaxConcurrentWithoutJob"),
        ("New bad -Mode ReplicatedJob -RestartCondition Any", "JobCannotRestartAlways"),
        ("New bad -Mode GlobalJob -UpdateDelaySeconds 1", "JobHasNoUpdatePolicy"),
        ("New bad -Mode Sometimes", "CannotConvertArgumentNoMessage"),
        ("New bad -Replicas -1", "ParameterArgumentValidationError"),
        ("New stands -Mode Global", "ServiceModeFixed"),
        ("New bad -Publish eighty", "PublishedPortInvalid"),
        ("New bad -PublishHost 1:2:3", "PublishedPortInvalid"),
        ("New bad -Publish 70000:80", "PortOutOfRange"),
        ("New bad -PublishHost 0", "PortOutOfRange"),
        ("New bad -Publish 80:80/icmp", "PortProtocolUnknown"),
        ("New bad -Publish 80:80 -PublishHost 80", "PortPublishedTwice"),
        ("New bad -Publish 80:80 -EndpointMode Dnsrr", "IngressNeedsVip"),
        ("New bad -Publish 18088:80", "ServicePortTaken"),
        ("New bad -Mount /srv/x", "MountInvalid"),
        ("New bad -Mount ./x:/y", "MountSourceInvalid"),
        ("New bad -Mount /srv/../etc:/y", "MountSourceInvalid"),
        ("New bad -Mount /srv/x:y", "MountTargetInvalid"),
        ("New bad -Mount /srv/x:/", "MountTargetInvalid"),
        ("New bad -Mount /srv/x:/y:z", "MountOptionUnknown"),
        ("New bad -Mount /srv/x:/y, vol:/y", "MountTargetTwice"),
        ("New bad -Tmpfs /y:size=lots", "TmpfsOptionInvalid"),
        ("New bad -Tmpfs /y:exec", "MountOptionUnknown"),
        ("New bad -Mount /srv/x:/y -CreateMountPath -MountOwner 'a b'", "MountOwnerInvalid"),
        ("New bad -Mount /srv/x:/y -CreateMountPath -MountMode 0999", "MountModeInvalid"),
        ("New bad -Network ''", "NetworkInvalid"),
        ("New bad -Network host, host", "NetworkGivenTwice"),
        ("New bad -Network nowhere", "NetworkNotFound"),
        ("New bad -Network bridge", "NetworkNotForServices"),
        ("New bad -Network ingress", "NetworkIsIngress"),
        ("New bad -Secret ':x'", "FileReferenceInvalid"),
        ("New bad -Secret 7", "FileReferenceInvalid"),
        ("New bad -Secret @{ Name = 'pw' }", "FileReferenceKeyUnknown"),
        ("New bad -Secret @{ Source = 'pw'; Mode = '0888' }", "FileModeInvalid"),
        ("New bad -Secret @{ Source = 'pw'; Uid = 'me' }", "FileOwnerInvalid"),
        ("New bad -Config 'c:/x/../y'", "FileTargetInvalid"),
        ("New bad -Secret pw, pw", "FileTargetTwice"),
        ("New bad -Secret nowhere", "StoredNotFound"),
        ("New bad -Config nowhere", "StoredNotFound"),
        ("New bad -Constraint region", "ConstraintInvalid"),
        ("New bad -Constraint region==x", "ConstraintKeyUnknown"),
        ("New bad -SpreadOver 'a b'", "SpreadInvalid"),
        ("New bad -Environment @{ 'a=b' = 'x' }", "EnvironmentNameInvalid"),
        ("New bad -EnvFile /nowhere/file", "EnvFileNotReadable"),
        ("New bad -EnvFile $envFile", "EnvFileLineInvalid"),
        ("New bad -Label @{ 'a=b' = 'x' }", "ServiceLabelInvalid"),
        ("New bad -LimitMemory 64MB -ReserveMemory 128MB", "ReservationAboveLimit"),
        ("New bad -LimitMemory 64", "MemoryTooSmall"),
        ("New bad -CapabilityAdd 'net admin'", "CapabilityInvalid"),
        ("New bad -HostEntry db", "HostEntryInvalid"),
        ("New bad -LogOption @{ 'max-size' = '1m' }", "LogOptionWithoutDriver"),
        ("New bad -NoHealthCheck -HealthRetries 2", "HealthCheckConflict"),
        ("New bad -HealthIntervalSeconds 0", "ParameterArgumentValidationError"),
        ("New bad -DockerConfigPath /nowhere/config.json", "DockerConfigNotReadable"),
        ("New bad -DockerConfigPath $configFile", "DockerConfigHasNoCredential"),
        ("New bad -StopSignal 'kill it'", "ParameterArgumentValidationError"),
        ("New bad -TimeoutSeconds 0", "ParameterArgumentValidationError"),
        ("$n | Update-SwarmService -Name nowhere -Replicas 2", "ServiceNotFound"),
        ("$n | Update-SwarmService -Name stands -Mount /srv/x", "MountInvalid"),
        ("$n | Wait-SwarmService -Name nowhere", "ServiceNotFound"),
        ("$n | Get-SwarmService -Name nowhere", "ServiceNotFound"),
        ("$n | Get-SwarmTask -Service nowhere", "TaskNotFound"),
        ("$n | Get-SwarmServiceLog -Name nowhere", "ServiceNotFound"),
        ("$n | Remove-SwarmService -Name nowhere -Confirm:$false", "ServiceNotFound"),
        ("@($n)[1] | New-SwarmService -Name bad -Image lab/busybox", "NoManagerInSet"),
        ("$n | Update-SwarmSecret -Name nowhere", "StoredNotFound"),
        ("$n | Update-SwarmSecret -Name 'a b'", "StoredNameInvalid"),
        ("$n | Update-SwarmSecret -Name pw -Length 3", "GeneratedTooWeak"),
        ("$n | Update-SwarmSecret -Name pw -Path /nowhere/file", "ValueFileNotFound"),
        ("$n | Update-SwarmSecret -Name pw -AsVault", "VaultMissing"),
        ("$n | New-SwarmSecret -Name new -AsVault", "VaultMissing"),
        ("$n | Update-SwarmConfig -Name nowhere -Value x", "StoredNotFound"),
        ("$n | Update-SwarmConfig -Name c -Value ''", "StoredValueEmpty"),
        ("$n | Update-SwarmConfig -Name c -Value ('x' * 1001KB)", "StoredValueTooLarge"),
        ("Edge bad -Publish 80:80", "EdgeIngressRefused"),
        ("Edge bad", "EdgePortMissing"),
        ("Edge bad -PublishHost 80 -Replicas 3", "EdgeReplicasRefused"),
        ("Edge bad -PublishHost 80 -UpdateOrder StartFirst", "EdgeStartFirstRefused"),
        ("Edge bad -PublishHost 80 -Region nowhere", "EdgeRegionUnknown"),
        ("Edge bad -PublishHost 80 -Region us-east-1, us-east-1", "EdgeRegionTwice"),
        ("Edge bad -PublishHost 80 -Network nowhere", "NetworkNotFound"),
        ("Edge 'a b' -PublishHost 80", "ServiceNameInvalid"),
    ];

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Each_has_its_error_and_nothing_is_changed()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        var (envFile, configFile) = (Path.GetTempFileName(), Path.GetTempFileName());
        await File.WriteAllTextAsync(envFile, "A=1\nnot a variable = 2\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(configFile, """{ "auths": {} }""", TestContext.Current.CancellationToken);
        session
            .Run(
                """
                $null = $n | New-SwarmSecret -Name pw -Generate
                $null = $n | New-SwarmConfig -Name c -Value x
                $null = $n | New-SwarmService -Name stands -Image lab/busybox:latest -NoResolveImage -NoWait -Replicas 0 -Publish 18088:80
                """,
                ("n", nodes)
            )
            .ThrowOnError();
        var before = await StateAsync();
        var wrong = new List<string>();
        foreach (var (input, errorId) in Inputs)
        {
            var script = input
                .Replace("New ", "$n | New-SwarmService -Image lab/busybox:latest -NoResolveImage -NoWait -Name ", StringComparison.Ordinal)
                .Replace(
                    "Edge ",
                    "$n | New-SwarmEdgeService -Image lab/busybox:latest -NoResolveImage -NoWait -WarningAction SilentlyContinue -Name ",
                    StringComparison.Ordinal
                );
            var outcome = session.Run(script, ("n", nodes), ("envFile", envFile), ("configFile", configFile));
            if ((outcome.ErrorIds.Count == 0 ? "no error" : outcome.ErrorIds[0]) != errorId || outcome.Objects.Count > 0)
                wrong.Add($"{input}: {string.Join(", ", outcome.ErrorIds)} and {outcome.Objects.Count} objects instead of {errorId}");
            else if (
                !errorId.EndsWith("NoMessage", StringComparison.Ordinal)
                && !errorId.EndsWith("ValidationError", StringComparison.Ordinal)
                && string.IsNullOrEmpty(outcome.Errors[0].ErrorDetails?.RecommendedAction)
            )
                wrong.Add($"{input}: nothing recommended");
        }

        Assert.Equal("", string.Join(Environment.NewLine, wrong));
        Assert.Equal(before, await StateAsync());
        File.Delete(envFile);
        File.Delete(configFile);
    }

    [Fact]
    public async Task Nodes_without_a_region_are_named_before_an_edge_service_leaves_them_out()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        await ServiceSwarm.ManagerAsync(lab, $"docker node update --label-rm region {nodes[1].NodeId} >/dev/null");
        var outcome = session.Run(
            "$n | New-SwarmEdgeService -Name bad -Image lab/busybox:latest -NoResolveImage -PublishHost 80",
            ("n", nodes)
        );
        await ServiceSwarm.ManagerAsync(lab, $"docker node update --label-add region={nodes[1].Region} {nodes[1].NodeId} >/dev/null");

        Assert.Equal("EdgeNodeWithoutRegion", Assert.Single(outcome.ErrorIds));
        Assert.Contains(nodes[1].Name, outcome.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Everything that the cmdlets could have changed: services with their versions, tasks, secrets, configs, networks.</summary>
    private Task<string> StateAsync() =>
        ServiceSwarm.ManagerAsync(
            lab,
            """
            for service in $(docker service ls -q | sort); do docker service inspect -f '{{.ID}} {{.Spec.Name}} {{.Version.Index}}' $service; done
            docker secret ls -q | sort; docker config ls -q | sort; docker network ls -q | sort; ls /srv
            """
        );
}
