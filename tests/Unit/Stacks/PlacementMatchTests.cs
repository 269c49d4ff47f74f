using Docker.DotNet.Models;
using SwarmOps.Stacks.Planning;

namespace SwarmOps.Tests.Unit.Stacks;

public sealed class PlacementMatchTests
{
    private static readonly NodeListResponse Member = new()
    {
        ID = "n1",
        Spec = new NodeUpdateParameters
        {
            Role = "worker",
            Availability = "active",
            Labels = new Dictionary<string, string> { ["region"] = "eu-central-1" },
        },
        Description = new NodeDescription
        {
            Hostname = "eu-1",
            Platform = new SwarmPlatform { Architecture = "x86_64", OS = "linux" },
            Engine = new EngineDescription { Labels = new Dictionary<string, string> { ["disk"] = "ssd" } },
        },
        Status = new NodeStatus { State = "ready" },
    };

    [Theory]
    [InlineData("node.labels.region==eu-central-1", true)]
    [InlineData("node.labels.region == EU-central-1", true)]
    [InlineData("node.labels.region!=eu-central-1", false)]
    [InlineData("node.labels.region==us-east-1", false)]
    [InlineData("node.labels.missing==x", false)]
    [InlineData("node.labels.missing!=x", true)]
    [InlineData("engine.labels.disk==ssd", true)]
    [InlineData("node.role==manager", false)]
    [InlineData("node.role != manager", true)]
    [InlineData("node.hostname==eu-1", true)]
    [InlineData("node.id==n2", false)]
    [InlineData("node.platform.os==linux", true)]
    [InlineData("node.platform.arch==amd64", true)]
    [InlineData("node.platform.arch==arm64", false)]
    [InlineData("node.ip==10.0.0.0/8", true)]
    public void A_constraint_is_met_as_swarmkit_has_it(string constraint, bool expected) =>
        Assert.Equal(expected, PlacementMatch.Meets(Member, [constraint]));

    [Theory]
    [InlineData("ready", "active", true)]
    [InlineData("down", "active", false)]
    [InlineData("unknown", "active", false)]
    [InlineData("ready", "drain", false)]
    [InlineData("ready", "pause", false)]
    public void A_node_takes_tasks_if_it_is_ready_and_active(string state, string availability, bool expected) =>
        Assert.Equal(
            expected,
            PlacementMatch.TakesTasks(
                new NodeListResponse
                {
                    Status = new NodeStatus { State = state },
                    Spec = new NodeUpdateParameters { Availability = availability },
                }
            )
        );
}
