using System.Text.Json.Nodes;
using SwarmOps.Folders;
using SwarmOps.Folders.Formation;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Tests.Unit.Folders;

/// <summary>Which copies a folder has, and what their services are called.</summary>
public sealed class FolderPlacementTests
{
    private static readonly Dictionary<string, SwarmPlace> Members = new()
    {
        ["idaaaaaaaaaaaaaaaa"] = new SwarmPlace("eu-1", "eu"),
        ["idbbbbbbbbbbbbbbbb"] = new SwarmPlace("US_1.example.org", "us"),
        ["idcccccccccccccccc"] = new SwarmPlace("us-1-example-org", "us"),
    };

    [Fact]
    public void Services_are_named_by_folder_and_node_in_what_DNS_allows()
    {
        var places = FolderPlacement.Decide("uploads", Nodes([.. Members.Keys]), [], Members);
        Assert.Equal(["uploads-us-1-example-org", "uploads-eu-1", "uploads-idcccccccccc"], places.Select(place => place.Service));
    }

    [Fact]
    public void A_service_that_exists_keeps_its_name_and_its_node_without_being_in_the_set()
    {
        var places = FolderPlacement.Decide(
            "uploads",
            Nodes("idaaaaaaaaaaaaaaaa"),
            [Service("uploads-old", "idbbbbbbbbbbbbbbbb")],
            Members
        );
        Assert.Equal([("uploads-old", false), ("uploads-eu-1", true)], places.Select(place => (place.Service, place.Node is not null)));
    }

    [Fact]
    public void The_copy_of_a_node_that_has_left_the_swarm_is_dropped()
    {
        var services = new[] { Service("uploads-eu-1", "idaaaaaaaaaaaaaaaa"), Service("uploads-gone", "idxxxx") };
        Assert.Equal(["uploads-eu-1"], FolderPlacement.Decide("uploads", [], services, Members).Select(place => place.Service));
        Assert.Equal(["uploads-gone"], FolderPlacement.Departed(services, Members).Select(service => service.Name));
    }

    [Fact]
    public void Each_service_is_bound_to_its_node_and_has_no_right_that_it_does_not_need()
    {
        var request = new FolderRequest
        {
            Name = "uploads",
            Overlay = "internal",
            Path = "/srv/uploads",
            Image = "syncthing/syncthing:1.29.5",
        };
        var service = FolderServices.Of(request, new FolderOwner(33, 33), new FolderPlace("id1", "eu-1", "uploads-eu-1", null));
        Assert.Equal(["node.id==id1"], service.Constraints!);
        Assert.Equal("33:33", service.User);
        Assert.Equal(["ALL"], service.CapabilityDrop!);
        var secret = Assert.Single(service.Secrets!);
        Assert.Equal(("uploads-eu-1-identity", "33", 0x100), (secret.Name, secret.Uid, secret.Mode));
        Assert.Equal("127.0.0.1:8384", service.Environment!["STGUIADDRESS"]);
        Assert.Null(service.Ports);
    }

    private static IReadOnlyList<SwarmNode> Nodes(params string[] ids) =>
        [.. ids.Select(id => new SwarmNode { Name = Members[id].Name, NodeId = id })];

    private static ServiceState Service(string name, string node) =>
        new(
            new JsonObject
            {
                ["ID"] = name,
                ["Spec"] = new JsonObject
                {
                    ["Name"] = name,
                    ["Labels"] = new JsonObject { [FolderNames.FolderLabel] = "uploads", [FolderNames.NodeLabel] = node },
                },
            }
        );
}
