using SwarmOps.Pipeline;
using SwarmOps.Recovery.Moving;
using SwarmOps.Tests.Unit.Services;

namespace SwarmOps.Tests.Unit.Recovery;

/// <summary>Several nodes at new addresses: what a failure of one means for the others.</summary>
[Collection(nameof(PipelineLog))]
public sealed class AddressChangeTests
{
    [Fact]
    public async Task The_nodes_after_one_that_failed_are_named_with_what_to_run_next()
    {
        await using var swarm = new StubSwarm(_ => null);
        await using var first = StubSwarm.Bare("b");
        await using var second = StubSwarm.Bare("c");
        var nodes = new[] { swarm.Node, first.Node with { Name = "b" }, second.Node with { Name = "c" } };

        await new AddressChangeOperation(
            swarm.Context,
            new AddressChangeRequest(nodes, NameFilters.From(["b", "c", "stub"])) { Timeout = TimeSpan.Zero, ThrottleLimit = 3 }
        ).RunAsync();

        // It was described without an address.
        Assert.Equal("AdvertiseAddressMissing", Assert.Single(swarm.Context.Errors).ErrorId);
        var warning = Assert.Single(swarm.Context.Warnings);
        Assert.StartsWith("'c', 'stub' were not tried, because 'b' failed", warning, StringComparison.Ordinal);
        Assert.Contains("run Repair-Swarm -NewAddress b, c, stub ", warning, StringComparison.Ordinal);
        Assert.Empty(swarm.Changes);
    }
}
