using System.Text.Json.Nodes;
using SwarmOps.Folders.Formation;
using SwarmOps.Folders.State;

namespace SwarmOps.Tests.Unit.Folders;

/// <summary>What Syncthing's answers say of a copy, and what copies say together. The answers are those of Syncthing 1.19.2, shortened.</summary>
public sealed class FolderReportTests
{
    private static readonly Dictionary<string, string> Peers = new() { ["ID-US"] = "us-1" };

    [Fact]
    public void An_idle_copy_that_has_scanned_and_is_connected_is_in_sync()
    {
        var copy = Read();
        Assert.Equal(
            (SwarmSharedFolderState.InSync, 100.0, 0L, 2L, 100131L),
            (copy.State, copy.Completion, copy.BytesBehind, copy.Files, copy.Bytes)
        );
        Assert.Equal(["us-1"], copy.ConnectedNodes);
        Assert.Equal(("one", new DateTime(2026, 11, 30, 7, 7, 55, DateTimeKind.Utc)), (copy.LastFile, copy.LastChange));
        Assert.Equal("v1.19.2-ds1", copy.Version);
    }

    [Fact]
    public void Before_its_first_scan_a_copy_does_not_know_what_it_has() =>
        Assert.Equal(SwarmSharedFolderState.Scanning, Read(started: "2026-11-30T08:00:00Z").State);

    [Fact]
    public void What_it_needs_is_behind()
    {
        var copy = Read(folder: node =>
            (node["state"], node["needBytes"], node["needTotalItems"], node["globalBytes"]) = ("syncing", 250, 2, 1000)
        );
        Assert.Equal((SwarmSharedFolderState.Syncing, 75.0, 250L, 2L), (copy.State, copy.Completion, copy.BytesBehind, copy.ItemsBehind));
    }

    [Fact]
    public void A_deletion_that_is_missing_is_not_complete() =>
        Assert.Equal(99, Read(folder: node => node["needTotalItems"] = 1).Completion);

    [Fact]
    public void Without_a_peer_it_does_not_know_what_it_lacks() =>
        Assert.Equal(SwarmSharedFolderState.Disconnected, Read(connected: false).State);

    [Fact]
    public void An_error_of_the_folder_another_identity_and_a_watcher_that_fails_are_failures()
    {
        Assert.Equal("folder marker missing", Read(folder: node => node["error"] = "folder marker missing").Error);
        Assert.Contains("another identity", Read(device: "ID-OTHER").Error);
        Assert.Contains("watched", Read(folder: node => node["watchError"] = "too many watches").Error);
        Assert.Equal(SwarmSharedFolderState.Failed, Read(device: "ID-OTHER").State);
    }

    [Fact]
    public void Without_an_answer_nothing_is_known()
    {
        var copy = FolderReport.Read(Known, Peers, [null, null, null, null, null, null]);
        Assert.Equal((SwarmSharedFolderState.Unknown, null), (copy.State, copy.BytesBehind));
    }

    [Fact]
    public void File_errors_are_named_and_degrade_the_folder()
    {
        var copy = Read() with { FileErrors = ["a.jpg: permission denied"] };
        Assert.Equal(SwarmSharedFolderStatus.Degraded, FolderFindings.Status([copy]));
        Assert.Contains("a.jpg: permission denied", Assert.Single(FolderFindings.List("uploads", [copy], [])));
    }

    [Fact]
    public void Copies_of_different_size_are_not_in_sync_yet()
    {
        var (one, other) = (Read(), Read() with { Node = "us-1", ConnectedNodes = ["eu-1"] });
        Assert.Equal(SwarmSharedFolderStatus.InSync, FolderFindings.Status([one, other]));
        Assert.True(FolderWait.AreInSync([one, other]));
        Assert.Equal(SwarmSharedFolderStatus.Syncing, FolderFindings.Status([one, other with { Files = 3 }]));
        Assert.False(FolderWait.AreInSync([one, other with { Files = 3 }]));
        Assert.Empty(FolderFindings.List("uploads", [one, other], []));
    }

    [Fact]
    public void A_node_that_was_not_asked_is_unknown_and_no_success()
    {
        var silent = Known with { Node = "us-1", State = SwarmSharedFolderState.Unknown, Error = "it does not answer" };
        Assert.Equal(SwarmSharedFolderStatus.Unknown, FolderFindings.Status([Read(), silent]));
        Assert.Contains("not known", Assert.Single(FolderFindings.List("uploads", [Read(), silent], [])));
    }

    [Fact]
    public void A_pair_that_is_not_connected_is_named_once()
    {
        var (one, other) = (Read(connected: false), Read(connected: false) with { Node = "us-1" });
        Assert.StartsWith("'eu-1' and 'us-1' are not connected", Assert.Single(FolderFindings.List("uploads", [one, other], [])));
    }

    [Fact]
    public void Conflict_files_are_named()
    {
        var finding = Assert.Single(FolderFindings.List("uploads", [Read()], ["a.sync-conflict-20261130-070000-ABCDEFG.txt"]));
        Assert.Contains("a.sync-conflict-20261130-070000-ABCDEFG.txt", finding);
        Assert.Equal(SwarmSharedFolderStatus.InSync, FolderFindings.Status([Read()]));
    }

    private static SwarmSharedFolderCopy Known =>
        new()
        {
            Folder = "uploads",
            Node = "eu-1",
            DeviceId = "ID-EU",
        };

    private static SwarmSharedFolderCopy Read(
        Action<JsonNode>? folder = null,
        bool connected = true,
        string device = "ID-EU",
        string started = "2026-11-30T07:07:52Z"
    )
    {
        var state = JsonNode.Parse(
            """{ "globalBytes": 100131, "localBytes": 100131, "localFiles": 2, "needBytes": 0, "needTotalItems": 0, "state": "idle", "invalid": "" }"""
        )!;
        folder?.Invoke(state);
        return FolderReport.Read(
            Known,
            Peers,
            [
                new JsonObject { ["myID"] = device, ["startTime"] = started },
                new JsonObject
                {
                    ["connections"] = new JsonObject
                    {
                        ["ID-US"] = new JsonObject { ["connected"] = connected },
                        ["ID-EU"] = new JsonObject { ["connected"] = false },
                    },
                },
                state,
                JsonNode.Parse("""{ "errors": null }"""),
                JsonNode.Parse(
                    """{ "uploads": { "lastFile": { "at": "2026-11-30T07:07:55Z", "filename": "one" }, "lastScan": "2026-11-30T07:07:56Z" } }"""
                ),
                JsonNode.Parse("""{ "version": "v1.19.2-ds1" }"""),
            ]
        );
    }
}
