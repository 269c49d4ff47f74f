using System.Diagnostics;
using System.Management.Automation;

namespace SwarmOps.Tests.Lab;

/// <summary>Commands in running tasks, on whatever node they are.</summary>
public sealed class TaskCommandTests(LabFixture lab) : IDisposable
{
    private const string Image = "-Image lab/busybox:latest -NoResolveImage -StopGraceSeconds 1 -StableSeconds 0";

    private readonly Session session = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task A_command_runs_in_every_task_or_in_those_that_are_named()
    {
        var nodes = await FormAsync();

        var everywhere = Results("$n | Invoke-SwarmTask -Service web -Command hostname");
        var once = Results("$n | Invoke-SwarmTask -Service w*b -Any -Command hostname");
        var there = Results("$n | Invoke-SwarmTask -Service web -On us-west-1 -Command hostname");
        var named = Results("$n | Invoke-SwarmTask -Task web.us-east-1 -Command hostname");
        var listed = session.Run("$n | Get-SwarmTask -Service web").ThrowOnError().Objects.Cast<SwarmTask>().ToList();

        Assert.Equal(nodes.Select(node => node.Name).Order(), everywhere.Select(result => result.Node).Order());
        Assert.All(everywhere, result => Assert.Equal((0, ""), (result.ExitCode, result.ErrorOutput)));
        Assert.Equal(
            listed.Select(task => (task.Id, task.ContainerId, task.ContainerId![..12])).Order(),
            everywhere.Select(result => (result.TaskId, (string?)result.ContainerId, result.Output)).Order()
        );
        Assert.Equal("us-west-1", Assert.Single(there).Node);
        Assert.Equal("web.us-east-1", Assert.Single(named).Task);
        Assert.Single(once);
    }

    [Fact]
    public async Task Arguments_variables_user_and_exit_code_are_the_commands_own()
    {
        await FormAsync();

        var result = Assert.Single(
            Results(
                """$n | Invoke-SwarmTask -Service web -Any -User 1000:1001 -WorkingDirectory /tmp -Environment @{ A = 'it''s $x' } -Shell -Command 'id -u; id -g; pwd', 'echo "$A" >&2; exit 3'"""
            )
        );
        var plain = Assert.Single(Results("""$n | Invoke-SwarmTask -Service web -Any -Command printf, '<%s>', 'a b', '$HOME', '' """));

        Assert.Equal((3, "1000\n1001\n/tmp", "it's $x"), (result.ExitCode, result.Output, result.ErrorOutput));
        Assert.Equal("<a b><$HOME><>", plain.Output);
    }

    [Fact]
    public async Task Lines_arrive_while_the_command_runs_and_Ctrl_C_ends_it_on_its_host()
    {
        await FormAsync();
        using var running = session.Create(
            "$n | Invoke-SwarmTask -Service web -On us-west-1 -AsLine -Shell -Command 'echo begun; sleep 4321 & echo $! >/dev/null; sleep 4322'"
        );
        using var output = new PSDataCollection<PSObject>();
        running.BeginInvoke<PSObject, PSObject>(null, output);
        for (var clock = Stopwatch.StartNew(); output.Count == 0 && clock.Elapsed < TimeSpan.FromSeconds(20); )
            await Task.Delay(50, Token);
        Assert.Equal("begun", ((SwarmLogEntry)output[0].BaseObject).Message);
        Assert.Equal("2", await SleepersAsync("432[12]"));

        var stop = Stopwatch.StartNew();
        await Task.Run(running.Stop, Token);

        Assert.True(stop.Elapsed < TimeSpan.FromSeconds(3), $"Ctrl+C took {stop.Elapsed}");
        await NoSleepersAsync("432[12]");
    }

    [Fact]
    public async Task A_command_without_end_or_without_bounds_is_ended()
    {
        await FormAsync();

        var slow = session.Run("$n | Invoke-SwarmTask -Service web -On us-west-1 -TimeoutSeconds 1 -Command sleep, 4323");
        var long1 = session.Run("$n | Invoke-SwarmTask -Service web -On us-west-1 -Shell -Command 'yes 123456789012345678901234567890'");

        Assert.Equal(["TaskCommandTimedOut"], slow.ErrorIds);
        Assert.EndsWith("It was ended.", slow.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal(["TaskOutputTooLong"], long1.ErrorIds);
        Assert.EndsWith("It was ended.", long1.Errors[0].Exception.Message, StringComparison.Ordinal);
        await NoSleepersAsync("4323");
        Assert.Equal("0", (await lab.ExecAsync(West, "pgrep -fc '^yes 1234' || true")).Trim());
    }

    [Fact]
    public async Task What_cannot_be_run_is_an_error_and_the_others_go_on()
    {
        var nodes = await FormAsync();

        Assert.Equal(["ServiceNotFound"], Errors("$n | Invoke-SwarmTask -Service nothing -Command ls"));
        Assert.Equal(["TaskUnknown"], Errors("$n | Invoke-SwarmTask -Task web.nowhere -Command ls"));
        Assert.Equal(["TaskNotRunning"], Errors("$n | Invoke-SwarmTask -Service web -On nowhere -Command ls"));
        Assert.Equal(["TaskProgramNotFound"], Errors("$n | Invoke-SwarmTask -Service web -Any -Command 'df -h'"));
        Assert.Equal(["TaskProgramNotFound"], Errors("$n | Invoke-SwarmTask -Service web -Any -AsLine -Command '/etc/passwd'"));
        Assert.Equal(["TaskCommandFailed"], Errors("$n | Invoke-SwarmTask -Service web -Any -AsLine -Command false"));
        Assert.Equal(["TerminalMissing"], Errors("$n | Enter-SwarmTask -Service web"));

        var fewer = session.Run("$n | Select-Object -First 2 | Invoke-SwarmTask -Service web -Command hostname", ("n", nodes));
        Assert.Equal(["TaskNodeNotInSet"], fewer.ErrorIds);
        Assert.Equal(2, fewer.Objects.Count);

        var preview = session.Run("$n | Invoke-SwarmTask -Service web -Shell -Command 'touch /tmp/done' -WhatIf").ThrowOnError();
        Assert.Empty(preview.Objects);
        Assert.All(Results("$n | Invoke-SwarmTask -Service web -Command ls, /tmp/done"), result => Assert.Equal(1, result.ExitCode));
    }

    [Fact]
    public async Task A_node_that_does_not_answer_costs_only_its_own_task()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await FormAsync();
        await lab.OnLabAsync("fault", "cut", "us-west-1");
        try
        {
            var outcome = session.Run("$n | Invoke-SwarmTask -Service web -Command hostname -ConnectionTimeoutSeconds 5", ("n", nodes));

            Assert.Equal(["TaskNodeSilent"], outcome.ErrorIds);
            Assert.Equal(["eu-central-1", "us-east-1"], outcome.Objects.Cast<SwarmTaskResult>().Select(result => result.Node).Order());
        }
        finally
        {
            await lab.OnLabAsync("fault", "heal");
        }
    }

    private LabHost West => lab.Hosts.Single(host => host.Region == "us-west-1");

    private async Task<IReadOnlyList<SwarmNode>> FormAsync()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        session.Run($"$null = $n | New-SwarmService -Name web {Image} -Mode Global -ArgumentList sleep, 900", ("n", nodes)).ThrowOnError();
        return nodes;
    }

    private List<SwarmTaskResult> Results(string line) => [.. session.Run(line).ThrowOnError().Objects.Cast<SwarmTaskResult>()];

    private IReadOnlyList<string> Errors(string line) => session.Run(line).ErrorIds;

    private async Task<string> SleepersAsync(string seconds) =>
        (await lab.ExecAsync(West, $"pgrep -fc '^sleep {seconds}$' || true")).Trim();

    private async Task NoSleepersAsync(string seconds)
    {
        for (var clock = Stopwatch.StartNew(); await SleepersAsync(seconds) != "0"; await Task.Delay(100, Token))
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), "the command is still running");
    }
}
