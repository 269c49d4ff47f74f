using System.Diagnostics;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using SwarmOps.Completion;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

/// <summary>Names of what a swarm has, from an engine that answers, refuses or is silent.</summary>
[Collection(nameof(PipelineLog))]
public sealed class CompletionLiveTests : IAsyncLifetime
{
    private readonly CompletionPrompt prompt = new();
    private readonly CompletionManager manager = new();

    public ValueTask InitializeAsync()
    {
        prompt.Run("", ("nodes", new[] { manager.Node }));
        return default;
    }

    public ValueTask DisposeAsync()
    {
        prompt.Dispose();
        return manager.DisposeAsync();
    }

    [Theory]
    [InlineData("Get-SwarmService -Name ", "front-eu|galera-eu|web|'web db'")]
    [InlineData("Get-SwarmService -Name WE", "web|'web db'")]
    [InlineData("Get-SwarmService -Name \"web ", "\"web db\"")]
    [InlineData("Get-SwarmService -Name web, g", "galera-eu")]
    [InlineData("Get-SwarmTask -Service w", "web|'web db'")]
    [InlineData("Invoke-SwarmTask -Task ", "'web db.two'|web.1")]
    [InlineData("Enter-SwarmTask -Task web.", "web.1")]
    [InlineData("Remove-SwarmService -Name w", "web|'web db'")]
    [InlineData("New-SwarmService -Like w", "web|'web db'")]
    [InlineData("New-SwarmEdgeService -Name ", "front")]
    [InlineData("Update-SwarmService -Name web -RemoveEnvironment ", "MODE|PASSWORD")]
    [InlineData("Update-SwarmService -Name web -RemoveLabel ", "team")]
    [InlineData("Update-SwarmService -Name other -RemoveLabel t", "team|tier")]
    [InlineData("Get-SwarmNode -Name ", "one|two")]
    [InlineData("Get-SwarmTask -On t", "two")]
    [InlineData("Initialize-Swarm -On ", "one")]
    [InlineData("Get-SwarmNode -Region ", "eu|us")]
    [InlineData("Set-SwarmNode -RemoveLabel ", "disk|region|zone")]
    [InlineData(
        "New-SwarmService -Constraint node.labels",
        "node.labels.disk==ssd|node.labels.region==eu|node.labels.region==us|node.labels.zone==eu-1"
    )]
    [InlineData("Get-SwarmOverlay -Name ", "internal")]
    [InlineData("Get-SwarmOverlay -IncludeIngress -Name ", "ingress|internal")]
    [InlineData("New-SwarmService -Network ", "internal")]
    [InlineData("Get-SwarmSecret -Name ", "db|key")]
    [InlineData("New-SwarmService -Secret ", "db|key")]
    [InlineData("New-GaleraService -Overlay internal -RootPasswordSecret ", "db|key")]
    [InlineData("Get-SwarmConfig -Name ", "motd")]
    [InlineData("Get-GaleraCluster -Name ", "galera")]
    [InlineData("Step-GaleraRestart -Last ", "eu|one|two|us")]
    [InlineData("Get-SwarmSharedFolder -Name ", "uploads")]
    [InlineData("New-SwarmSharedFolder -Overlay internal uploads /srv/uploads -From ", "one|two")]
    [InlineData("New-SwarmService -Image nginx:", "nginx:1.27|nginx:latest")]
    public void Names_are_live(string command, string expected) => Assert.Equal(expected.Split('|'), prompt.Words("$nodes | " + command));

    [Theory]
    [InlineData("Get-SwarmService -Name web", "web", "nginx:1.27, 2/3 replicas")]
    [InlineData("Get-SwarmService -Name 'web d", "web db", "redis, 2/2 tasks")]
    [InlineData("Get-SwarmNode -Name o", "one", "manager, leader, ready, eu")]
    [InlineData("Get-SwarmNode -Name t", "two", "worker, down, drain, us")]
    [InlineData("Get-SwarmOverlay -Name i", "internal", "encrypted, 10.0.1.0/24")]
    [InlineData("Get-SwarmSecret -Name d", "db", "version 2")]
    [InlineData("Get-GaleraCluster -Name g", "galera", "mariadb:10.11, 1/1 tasks")]
    [InlineData("New-SwarmService -Image nginx:1", "nginx:1.27", "on 1 of 1 nodes")]
    public void A_tooltip_says_what_it_is(string command, string name, string toolTip)
    {
        var match = Assert.Single(prompt.Tab("$nodes | " + command), match => match.ListItemText == name);
        Assert.Equal((toolTip, CompletionResultType.ParameterValue), (match.ToolTip, match.ResultType));
    }

    [Fact]
    public void No_value_of_an_environment_is_offered_or_kept()
    {
        var matches = prompt
            .Tab("$nodes | Update-SwarmService -Name web -RemoveEnvironment ")
            .Concat(prompt.Tab("$nodes | Get-SwarmService -Name "))
            .ToList();
        Assert.NotEmpty(matches);
        Assert.DoesNotContain(
            matches,
            match =>
                match.ToolTip.Contains("hush", StringComparison.Ordinal) || match.CompletionText.Contains("hush", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_second_Tab_asks_nobody_and_a_stage_in_between_makes_it_ask_again()
    {
        prompt.Tab("$nodes | Get-SwarmService -Name w");
        prompt.Tab("$nodes | Get-SwarmService -Name we");
        prompt.Tab("$nodes | Wait-SwarmService -Name we");
        Assert.Equal(1, manager.Count("/services"));
        Assert.Equal(1, manager.Count("/_ping"));

        manager.Set("/services", "[]");
        prompt.Session.NoteStage([]);
        Assert.Empty(prompt.Words("$nodes | Get-SwarmService -Name w"));
        Assert.Equal((2, 1), (manager.Count("/services"), manager.Count("/_ping")));
    }

    [Fact]
    public void Without_nodes_on_the_line_the_last_stages_are_asked()
    {
        Assert.Empty(prompt.Words("Get-SwarmSecret -Name "));
        prompt.Session.NoteStage([manager.Node]);
        prompt.Session.NoteStage([]);
        Assert.Equal(["db", "key"], prompt.Words("Get-SwarmSecret -Name "));
        Assert.Equal(["db", "key"], prompt.Words("Get-SwarmRegionNode shop | Get-SwarmSecret -Name "));
        Assert.Equal(["one"], prompt.Words("Initialize-Swarm -On "));
        Assert.Equal(["eu"], prompt.Words("New-SwarmNode -Region "));
    }

    [Fact]
    public void A_line_with_nodes_is_never_completed_from_another_swarm()
    {
        prompt.Session.NoteStage([manager.Node]);
        Assert.Empty(
            prompt.Words(
                "$gone | Get-SwarmSecret -Name ",
                ("gone", new SwarmNode { Name = "gone", DockerHost = "unix:///nowhere/docker.sock" })
            )
        );
    }

    [Fact]
    public async Task A_stage_is_remembered_with_the_nodes_that_it_asked_and_one_that_came_to_nothing_is_not()
    {
        await using var engine = TransportEngineStub.Engine("1.43");
        using var session = new PipelineSession();
        using var get = session.Create("$n | Get-Engine", ("n", new[] { engine.Node }));
        get.Invoke();
        using var bad = session.Create(
            "try { $x, $x | Get-Engine } catch { }",
            ("x", new SwarmNode { Name = "x", DockerHost = "unix:///nowhere" })
        );
        bad.Invoke();

        Assert.Equal("stub", Assert.Single(CompletionSession.Of(get.Runspace)!.RecentNodes).Name);
        Assert.Empty(prompt.Session.RecentNodes);
    }

    [Fact]
    public async Task Workers_and_silent_nodes_are_passed_over()
    {
        await using var worker = new CompletionManager(isWorker: true);
        using var silent = new SilentEngine();
        SwarmNode[] nodes = [worker.Node with { Name = "w" }, silent.Node, manager.Node];

        var watch = Stopwatch.StartNew();
        Assert.Equal(["internal"], prompt.Words("$set | Get-SwarmOverlay -Name ", ("set", nodes)));
        Assert.Equal(["db", "key"], prompt.Words("$set | Get-SwarmSecret -Name "));
        Assert.Equal(["nginx:1.27"], prompt.Words("$set | New-SwarmService -Image nginx:1"));
        Assert.InRange(watch.ElapsedMilliseconds, 0, 15000);
        // The manager that answered is asked first from then on.
        Assert.Equal(0, worker.Count("/secrets"));
    }

    [Fact]
    public void A_silent_swarm_holds_the_prompt_for_a_second()
    {
        using var silent = new SilentEngine();
        prompt.Run("", ("silent", new[] { silent.Node }));
        prompt.Tab("Initialize-Swarm -On ");
        prompt.Session.Budget = CompletionSession.DefaultBudget;
        var watch = Stopwatch.StartNew();
        Assert.Empty(prompt.Words("$silent | Get-SwarmService -Name "));
        // The question itself goes on for 15 s.
        Assert.InRange(watch.ElapsedMilliseconds, 900, 8000);
    }

    [Fact]
    public void Secrets_of_a_remembered_node_live_no_longer_than_the_users_own_object()
    {
        RememberOneOfNobody();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.Null(prompt.Session.RecentNodes.Single().Credential);

        var kept = new NodeCredential();
        prompt.Session.NoteStage([manager.Node with { Credential = kept }]);
        GC.Collect();
        Assert.Same(kept, prompt.Session.RecentNodes.Single().Credential);
        GC.KeepAlive(kept);
    }

    /// <summary>A method of its own, so that nothing of it is on the stack when memory is collected.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RememberOneOfNobody() => prompt.Session.NoteStage([manager.Node with { Credential = new NodeCredential() }]);

    [Fact]
    public async Task The_connections_are_let_go_some_time_after_the_last_Tab()
    {
        var runspace = Guid.NewGuid();
        var options = new ConnectionOptions(null, TimeSpan.FromSeconds(5));
        var kept = new KeptConnections(runspace, TimeSpan.FromMilliseconds(300));
        var first = kept.Get(manager.Node, options);
        Assert.Same(first, kept.Get(manager.Node, options));

        var deadline = Stopwatch.StartNew();
        while (IsOpen(runspace, first, options) && deadline.Elapsed < TimeSpan.FromSeconds(10))
            await Task.Delay(50, TestContext.Current.CancellationToken);

        Assert.InRange(deadline.ElapsedMilliseconds, 200, 9000);
        Assert.NotSame(first, kept.Get(manager.Node, options));
    }

    /// <summary>Whether the session's pool still has a connection, as a stage would find it.</summary>
    private bool IsOpen(Guid runspace, INodeConnection connection, ConnectionOptions options)
    {
        var pool = ConnectionPool.Lease(runspace);
        try
        {
            return ReferenceEquals(pool.Get(manager.Node, options), connection);
        }
        finally
        {
            pool.Release();
        }
    }

    [Fact]
    public void A_warm_Tab_is_quick()
    {
        prompt.Tab("$nodes | Get-SwarmService -Name ");
        // The best of some: what else runs on the machine is not measured.
        var best = Enumerable
            .Range(0, 10)
            .Min(_ =>
            {
                prompt.Session.NoteStage([]);
                var watch = Stopwatch.StartNew();
                Assert.NotEmpty(prompt.Words("$nodes | Get-SwarmService -Name "));
                return watch.ElapsedMilliseconds;
            });
        Assert.InRange(best, 0, 300);
    }
}
