using System.Text.Json.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Edge;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Tests.Unit.Services;

/// <summary>When a region of an edge service leaves DNS for its update.</summary>
public sealed class EdgeUpdateTests
{
    private readonly FakeContext context = new();

    [Theory]
    [InlineData("{\"Image\":\"web:2\"}", true)]
    [InlineData("{\"Image\":\"web:1\"}", false)]
    public async Task Only_an_update_that_replaces_tasks_needs_it(string container, bool isNeeded)
    {
        var update = await FindAsync(new Detour(), container);

        Assert.Equal(isNeeded, update is not null);
        Assert.Equal(isNeeded, update?.IsNeeded is true);
    }

    [Fact]
    public async Task A_service_that_is_no_edge_or_new_or_has_no_DNS_needs_nothing()
    {
        Assert.Null(await FindAsync(null, "{\"Image\":\"web:2\"}"));
        Assert.Null(await FindAsync(new Detour(), "{\"Image\":\"web:2\"}", label: false));
        Assert.Null(await EdgeUpdate.FindAsync(context, null!, null, [], Options(new Detour())));
        Assert.Null(await EdgeUpdate.FindAsync(context, null!, Service("{}", true), Spec("{\"Image\":\"x\"}", true), new ServiceOptions()));
    }

    [Fact]
    public async Task Without_another_region_or_without_waiting_it_goes_on_with_a_warning()
    {
        Assert.Null(await FindAsync(new Detour { IsPossible = false }, "{\"Image\":\"web:2\"}"));
        Assert.Contains("no other region is in the zone 'edge.example.org'", context.Warnings[0], StringComparison.Ordinal);

        Assert.Null(await FindAsync(new Detour { IsUnfinished = true }, "{\"Image\":\"web:2\"}", noWait: true));
        Assert.Contains("-NoWait", context.Warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_interrupted_run_left_out_comes_back_even_if_nothing_is_updated()
    {
        var detour = new Detour { IsUnfinished = true };
        var update = await FindAsync(detour, "{\"Image\":\"web:1\"}");

        Assert.Equal((false, true), (update!.IsNeeded, update.IsUnfinished));
        Assert.True(await update.AgreesToReturnAsync());
        Assert.Equal(
            [
                "service 'web-us-east-1': Bring the region 'us-east-1' back into the zone 'edge.example.org': an update that was interrupted left it out",
            ],
            context.Asked
        );
        await update.ReturnAsync();
        Assert.Equal(["in"], detour.Steps);
    }

    [Fact]
    public async Task A_region_whose_update_fails_stays_out_and_a_warning_says_so()
    {
        var detour = new Detour();
        var update = (await FindAsync(detour, "{\"Image\":\"web:2\"}"))!;
        update.TellStaysOut();
        Assert.Empty(context.Warnings);

        await update.LeaveAsync();
        update.TellStaysOut();

        Assert.StartsWith(
            "The region 'us-east-1' stays out of the zone 'edge.example.org'",
            Assert.Single(context.Warnings),
            StringComparison.Ordinal
        );
        Assert.Equal(["out"], detour.Steps);
    }

    private Task<EdgeUpdate?> FindAsync(Detour? detour, string container, bool label = true, bool noWait = false) =>
        EdgeUpdate.FindAsync(
            context,
            null!,
            Service("{\"Image\":\"web:1\"}", label),
            Spec(container, label),
            Options(detour) with
            {
                NoWait = noWait,
            }
        );

    private static ServiceOptions Options(Detour? detour) => new() { Traffic = new Traffic(detour) };

    private static ServiceState Service(string container, bool label) =>
        new(new JsonObject { ["ID"] = "id", ["Spec"] = Spec(container, label) });

    private static JsonObject Spec(string container, bool label) =>
        new()
        {
            ["Name"] = "web-us-east-1",
            ["Labels"] = label ? new JsonObject { [EdgeRules.NameLabel] = "web" } : [],
            ["TaskTemplate"] = new JsonObject { ["ContainerSpec"] = JsonNode.Parse(container) },
        };

    private sealed class Traffic(Detour? detour) : IEdgeTraffic
    {
        public Task<IEdgeDetour?> FindAsync(IOperationContext context, SwarmSession swarm, ServiceState service, ServiceOptions options) =>
            Task.FromResult<IEdgeDetour?>(detour);
    }

    private sealed class Detour : IEdgeDetour
    {
        public List<string> Steps { get; } = [];

        public string Region => "us-east-1";

        public string Zones => "the zone 'edge.example.org'";

        public bool IsPossible { get; init; } = true;

        public bool IsUnfinished { get; init; }

        public Task LeaveAsync()
        {
            Steps.Add("out");
            return Task.CompletedTask;
        }

        public Task ReturnAsync()
        {
            Steps.Add("in");
            return Task.CompletedTask;
        }
    }
}
