using System.Text.Json.Nodes;
using SwarmOps.Galera.Repair;
using SwarmOps.Galera.State;
using SwarmOps.Services.Running;

namespace SwarmOps.Tests.Unit.Galera;

public sealed class GaleraReaderTests
{
    [Fact]
    public void Of_a_server_that_crashed_its_first_errors_count()
    {
        string[] lines =
        [
            "[Note] WSREP: GMCast",
            "0 [ERROR] mariadbd: unknown variable 'x=1'",
            "0 [ERROR] Aborting",
            "3 [ERROR] WSREP: State wait was interrupted",
            "[ERROR] mariadbd got signal 11 ;",
            "Max open files 20000",
            "",
            "Kernel version: 6",
        ];

        Assert.Equal(
            [
                "0 [ERROR] mariadbd: unknown variable 'x=1'",
                "3 [ERROR] WSREP: State wait was interrupted",
                "[ERROR] mariadbd got signal 11 ;",
            ],
            GaleraReader.WhatCounts(lines)
        );
    }

    [Theory]
    [InlineData("running", true)]
    [InlineData("starting", true)]
    [InlineData("orphaned", true)]
    [InlineData("shutdown", false)]
    [InlineData("failed", false)]
    [InlineData("complete", false)]
    public void What_a_host_has_not_told_to_have_ended_may_still_run(string state, bool mayRun) =>
        Assert.Equal(
            mayRun,
            GaleraReader.MayStillRun(
                new TaskState(JsonNode.Parse($$$"""{ "ID": "t", "DesiredState": "shutdown", "Status": { "State": "{{{state}}}" } }""")!)
            )
        );

    [Theory]
    [InlineData(false, false, 1)]
    [InlineData(false, true, 1)]
    [InlineData(true, false, 1)]
    [InlineData(true, true, 0)]
    public void Only_a_host_that_nobody_reaches_is_left_behind_and_only_by_force(bool isHostLost, bool force, int untold)
    {
        var cluster = new GaleraCluster
        {
            GaleraNodes =
            [
                new GaleraNode { Node = "a", State = "Waiting" },
                new GaleraNode
                {
                    Node = "b",
                    IsSilent = true,
                    IsHostLost = isHostLost,
                },
            ],
        };

        Assert.Equal(untold, RepairSite.Untold(cluster, force).Count);
    }

    [Fact]
    public void Without_errors_its_last_words_count() =>
        Assert.Equal(
            ["b", "c", "[Note] [SwarmOps]: the image lacks socat"],
            GaleraReader.WhatCounts(["a", "b", "", "c", "[Note] [SwarmOps]: the image lacks socat"])
        );
}
