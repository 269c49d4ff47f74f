namespace SwarmOps.Tests.Lab;

/// <summary>Bad inputs of the cmdlets for managers and members: each its own error id, and nothing is changed.</summary>
public sealed class ManagerBadInputTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();

    private static readonly (string Script, string ErrorId)[] OnOneManager =
    [
        ("$n | Step-SwarmPromotion -ManagerCount 2", "EvenManagerCount"),
        ("$n | Step-SwarmPromotion -ManagerCount 0", "ManagerCountInvalid"),
        ("$n | Step-SwarmPromotion -ManagerCount -3", "ManagerCountInvalid"),
        ("$n | Step-SwarmPromotion -ManagerCount 5", "TooFewUsableNodes"),
        ("$n[0] | Step-SwarmPromotion -ManagerCount 3", "TooFewUsableNodes"),
        ("$n | Step-SwarmPromotion -ManagerCount three", "CannotConvertArgumentNoMessage"),
        ("$n | Step-SwarmPromotion -TimeoutSeconds 0", "ParameterArgumentValidationError"),
        ("$n | Step-SwarmPromotion -ThrottleLimit 0", "ParameterArgumentValidationError"),
        ("$n[1] | Step-SwarmPromotion", "NoManagerInSet"),
        ("$n[0], $n[0] | Step-SwarmPromotion", "DuplicateNodeName"),
        ("$n[0], $same | Step-SwarmPromotion", "DuplicateEndpoint"),
        ("$noEndpoint | Step-SwarmPromotion", "NodeHasNoEndpoint"),
        ("$badEndpoint | Step-SwarmPromotion", "DockerHostInvalid"),
        ("$wrongHostKey | Step-SwarmPromotion", "HostKeyMismatch"),
        ("$wrongUser | Step-SwarmPromotion", "SshAuthenticationFailed"),
        ("Step-SwarmPromotion -Node @()", "ParameterArgumentValidationError"),
        ("$n[0] | Step-SwarmDemotion -Confirm:$false", "LastManager"),
        ("$n | Step-SwarmDemotion -Force -Confirm:$false", "LastManager"),
        ("$n | Step-SwarmDemotion -ManagerCount 0 -Confirm:$false", "ManagerCountInvalid"),
        ("$n | Step-SwarmDemotion -ManagerCount 2 -Confirm:$false", "EvenManagerCount"),
        ("$n | Step-SwarmDemotion -ManagerCount 3 -Confirm:$false", "MoreManagersThanPresent"),
        ("$n[1] | Step-SwarmDemotion -Confirm:$false", "NoManagerInSet"),
        ("$n[1] | Step-SwarmDemotion -Manager $n[2] -Confirm:$false", "NoManagerInSet"),
        ("$n[1] | Step-SwarmDemotion -Manager $null -Confirm:$false", "ParameterArgumentValidationError"),
        ("$n[1] | Step-SwarmDemotion -TimeoutSeconds 0 -Confirm:$false", "ParameterArgumentValidationError"),
        ("$dead | Step-SwarmDemotion -Manager $n[0] -Confirm:$false", "NodeUnreachable"),
        ("$n[0] | Remove-SwarmNode -Confirm:$false", "LastManager"),
        ("$n[0] | Remove-SwarmNode -Force -Confirm:$false", "LastManager"),
        ("$n | Remove-SwarmNode -Confirm:$false", "SwarmWouldBeDissolved"),
        ("$n[1] | Remove-SwarmNode -Confirm:$false", "NoManagerInSet"),
        ("$n[1] | Remove-SwarmNode -Manager $n[2] -Confirm:$false", "NoManagerInSet"),
        ("$wrongHostKeySecond | Remove-SwarmNode -Manager $n[0] -Confirm:$false", "NodeCannotBeAsked"),
        ("$wrongHostKeySecond | Remove-SwarmNode -Manager $n[0] -Force -Confirm:$false", "NodeStillReady"),
        ("$dead | Remove-SwarmNode -Manager $n[0] -Force -Confirm:$false", "NodeUnreachable"),
        ("$n[1] | Remove-SwarmNode -TimeoutSeconds 0 -Confirm:$false", "ParameterArgumentValidationError"),
        ("$n | Set-SwarmNode", "NothingToSet"),
        ("$n | Set-SwarmNode -Label @{}", "NothingToSet"),
        ("$n | Set-SwarmNode -Label @{ '' = 'x' }", "NodeLabelInvalid"),
        ("$n | Set-SwarmNode -Label @{ 'a b' = 'x' }", "NodeLabelInvalid"),
        ("$n | Set-SwarmNode -Label @{ 'a=b' = 'x' }", "NodeLabelInvalid"),
        ("$n | Set-SwarmNode -Label @{ a = @('x', 'y') }", "NodeLabelInvalid"),
        ("$n | Set-SwarmNode -Label @{ a = \"x`ny\" }", "NodeLabelInvalid"),
        ("$n | Set-SwarmNode -Label @{ a = 'x' } -RemoveLabel a", "LabelConflict"),
        ("$n | Set-SwarmNode -Label @{ region = 'x' } -Region y", "LabelConflict"),
        ("$n | Set-SwarmNode -RemoveLabel ''", "ParameterArgumentValidationError"),
        ("$n | Set-SwarmNode -Region ''", "ParameterArgumentValidationError"),
        ("$n | Set-SwarmNode -Availability Sleep", "CannotConvertArgumentNoMessage"),
        ("$n | Set-SwarmNode -Availability 9", "CannotConvertArgumentNoMessage"),
        ("$n[1] | Set-SwarmNode -Availability Drain", "NoManagerInSet"),
        ("$dead | Set-SwarmNode -Availability Drain -Manager $n[0]", "NodeUnreachable"),
        ("Get-SwarmNode $n -Name nosuchnode", "NodeNotFound"),
        ("Get-SwarmNode $n[1]", "NoManagerInSet"),
        ("Get-SwarmNode $n -Role boss", "CannotConvertArgumentNoMessage"),
        ("Get-SwarmNode $n -State Asleep", "CannotConvertArgumentNoMessage"),
        ("Get-Swarm $n[1]", "NoManagerInSet"),
        ("Get-Swarm $n -TimeoutSeconds -1", "ParameterArgumentValidationError"),
        ("Get-Swarm $noEndpoint", "NodeHasNoEndpoint"),
    ];

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Each_has_its_error_and_nothing_is_changed()
    {
        var nodes = await lab.OneManagerAsync(session);
        var before = await lab.StateAsync(lab.Hosts[0]);
        var wrong = new List<string>();
        foreach (var (script, errorId) in OnOneManager)
        {
            var outcome = session.Run(script, Variables(nodes));
            if ((outcome.ErrorIds.Count == 0 ? "no error" : outcome.ErrorIds[0]) != errorId || outcome.Objects.Count > 0)
                wrong.Add($"{script}: {string.Join(", ", outcome.ErrorIds)} and {outcome.Objects.Count} objects instead of {errorId}");
        }

        Assert.Empty(wrong);
        Assert.Equal(before, await lab.StateAsync(lab.Hosts[0]));
    }

    [Fact]
    public async Task Nodes_of_two_swarms_are_refused_and_a_stray_leaves_only_with_force()
    {
        await lab.ResetAsync();
        var nodes = session.Nodes(lab).ToArray();
        session
            .Run("$n[0], $n[1] | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest", ("n", nodes))
            .ThrowOnError();
        session.Run("$n[2] | Initialize-Swarm", ("n", nodes)).ThrowOnError();
        var before = await lab.StateAsync(lab.Hosts[0]) + await lab.StateAsync(lab.Hosts[2]);
        string[] scripts =
        [
            "$n | Step-SwarmPromotion",
            "$n | Step-SwarmDemotion -ManagerCount 1 -Confirm:$false",
            "$n | Remove-SwarmNode -Confirm:$false",
            "$n | Set-SwarmNode -Region x",
            "Get-SwarmNode $n",
            "Get-Swarm $n",
        ];

        Assert.All(scripts, script => Assert.Equal(["NodesInDifferentSwarms"], session.Run(script, ("n", nodes)).ErrorIds));
        Assert.Equal(["SwarmWouldBeDissolved"], session.Run("$n[2] | Remove-SwarmNode -Confirm:$false", ("n", nodes)).ErrorIds);
        Assert.Equal(["NodeInUnknownSwarm"], session.Run("$n[1] | Remove-SwarmNode -Manager $n[2] -Confirm:$false", ("n", nodes)).ErrorIds);
        Assert.Equal(before, await lab.StateAsync(lab.Hosts[0]) + await lab.StateAsync(lab.Hosts[2]));
    }

    private static (string Name, object? Value)[] Variables(SwarmNode[] nodes) =>
        [
            ("n", nodes),
            ("same", nodes[0] with { Name = "another" }),
            ("noEndpoint", nodes[0] with { DockerHost = null }),
            ("badEndpoint", nodes[0] with { DockerHost = "ftp://203.0.113.9" }),
            ("wrongHostKey", nodes[0] with { HostKeyFingerprint = nodes[1].HostKeyFingerprint }),
            ("wrongHostKeySecond", nodes[1] with { HostKeyFingerprint = nodes[0].HostKeyFingerprint }),
            (
                "wrongUser",
                nodes[0] with
                {
                    DockerHost = nodes[0].DockerHost!.Replace("ssh://", "ssh://nosuchuser", StringComparison.Ordinal),
                }
            ),
            (
                "dead",
                new SwarmNode
                {
                    Name = "dead",
                    DockerHost = nodes[0].DockerHost + ":1",
                    KeyFilePath = nodes[0].KeyFilePath,
                    HostKeyFingerprint = nodes[0].HostKeyFingerprint,
                }
            ),
        ];
}
