using System.Text.Json.Nodes;
using SwarmOps.Overlay.Proof;
using SwarmOps.Recovery.Naming;

namespace SwarmOps.Tests.Unit.Recovery;

/// <summary>Which names of tasks are gone: only where packets arrive, and for as long as it was looked.</summary>
public sealed class LostNameTests
{
    private static readonly TaskName Web = new("web", "t1", "n1", "10.0.1.5");

    [Fact]
    public void Tasks_are_those_that_run_on_the_network_with_their_addresses_there()
    {
        var tasks = JsonNode.Parse(
            """
            [
                { "ID": "t1", "ServiceID": "s1", "NodeID": "n1", "DesiredState": "running", "Status": { "State": "running" },
                  "NetworksAttachments": [{ "Network": { "ID": "other" }, "Addresses": ["10.0.9.9/24"] }, { "Network": { "ID": "net" }, "Addresses": ["10.0.1.5/24"] }] },
                { "ID": "t2", "ServiceID": "s1", "NodeID": "n1", "DesiredState": "shutdown", "Status": { "State": "running" },
                  "NetworksAttachments": [{ "Network": { "ID": "net" }, "Addresses": ["10.0.1.6/24"] }] },
                { "ID": "t3", "ServiceID": "s1", "NodeID": "n2", "DesiredState": "running", "Status": { "State": "starting" },
                  "NetworksAttachments": [{ "Network": { "ID": "net" }, "Addresses": ["10.0.1.7/24"] }] },
                { "ID": "t4", "ServiceID": "unknown", "NodeID": "n2", "DesiredState": "running", "Status": { "State": "running" },
                  "NetworksAttachments": [{ "Network": { "ID": "net" }, "Addresses": ["10.0.1.8/24"] }] },
                { "ID": "t5", "ServiceID": "s1", "NodeID": "n2", "DesiredState": "running", "Status": { "State": "running" } }
            ]
            """
        );

        Assert.Equal([Web], TaskName.Read(tasks, new Dictionary<string, string> { ["s1"] = "web" }, "net"));
        Assert.Equal("tasks.web", Web.Name);
    }

    [Theory]
    [InlineData(4, false, 1)]
    [InlineData(4, true, 0)]
    [InlineData(0, false, 0)]
    public void A_name_is_lost_where_packets_arrive_without_it(int received, bool resolves, int lost)
    {
        var seen = new Dictionary<string, ProbeSighting>
        {
            [Web.Address] = new(4, received, received > 0 ? 1 : null, Udp: false, Tcp: false, 1450, 1450, resolves),
        };

        Assert.Equal(lost, NameSearch.Lost("a", [Web], seen).Count);
        Assert.Empty(NameSearch.Lost("a", [Web], new Dictionary<string, ProbeSighting>()));
    }

    [Fact]
    public void What_came_back_or_was_replaced_meanwhile_is_not_lost()
    {
        var other = Web with { TaskId = "t9", Address = "10.0.1.9" };

        Assert.Equal([new LostName(Web, "b")], NameSearch.Still([new(Web, "a"), new(Web, "b")], [new(Web, "b"), new(other, "b")]));
    }
}
