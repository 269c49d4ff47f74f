using System.Text.Json.Nodes;
using SwarmOps.Galera.Formation;
using SwarmOps.Services.Running;

namespace SwarmOps.Tests.Unit.Galera;

/// <summary>The strict mode is one more server option, stays as it is when it is not mentioned, and says where it has no effect.</summary>
public sealed class StrictModeTests
{
    private const string Argument = "--loose-wsrep-mode=REQUIRED_PRIMARY_KEY,STRICT_REPLICATION";

    private static readonly GaleraRequest Sound = new()
    {
        Name = "galera",
        Overlay = "internal",
        Image = "mariadb:10.11",
        Options = new Dictionary<string, string> { ["max-connections"] = "9", ["innodb-buffer-pool-size"] = "1G" },
    };

    [Fact]
    public void It_is_a_server_option_in_one_order_with_the_others()
    {
        Assert.Equal(
            ["--innodb-buffer-pool-size=1G", Argument, "--max-connections=9"],
            GaleraServices.Of(Sound with { Strict = true }, Place(), "id").Arguments!
        );
        Assert.Equal(
            ["--innodb-buffer-pool-size=1G", "--max-connections=9"],
            GaleraServices.Of(Sound with { Strict = false }, Place(), "id").Arguments!
        );
        Assert.Empty(GaleraServices.Of(Sound with { Strict = true }, Place() with { IsArbitrator = true }, "id").Arguments!);
    }

    [Theory]
    [InlineData(null, true, true)]
    [InlineData(null, false, false)]
    [InlineData(false, true, false)]
    [InlineData(true, false, true)]
    public void An_existing_cluster_keeps_it_unless_it_is_mentioned(bool? wanted, bool isThere, bool becomes)
    {
        var service = new ServiceState(
            JsonNode.Parse(
                $$$"""{ "ID": "s", "Version": { "Index": 1 }, "Spec": { "Name": "galera-a", "Labels": {}, "TaskTemplate": { "ContainerSpec": { "Args": ["--a=b"{{{(isThere ? $", \"{Argument}\"" : "")}}}] } } } }"""
            )!
        );

        Assert.Equal(becomes, GaleraPresence.Complete(Sound with { Strict = wanted }, [service]).Strict);
    }

    [Theory]
    [InlineData("10.5.23-MariaDB-log", true)]
    [InlineData("10.6.0-MariaDB", false)]
    [InlineData("11.8.3-MariaDB-0+deb13u1", false)]
    [InlineData("5.7.44-31.65", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_server_from_before_it_is_named(string? version, bool isNamed) =>
        Assert.Equal(isNamed, StrictMode.Lacking([new GaleraNode { Node = "a", Version = version }]).Count == 1);

    private static GaleraPlace Place() => new(new SwarmNode { Name = "n1" }, "a", 0, "galera-a");
}
