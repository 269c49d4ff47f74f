using System.Diagnostics;
using System.Runtime.Versioning;
using SwarmOps.Galera;
using SwarmOps.Galera.Formation;
using SwarmOps.Galera.State;

namespace SwarmOps.Tests.Unit.Galera;

/// <summary>The scripts in the containers, in a real bash on real directories: what a node may begin from, what it joins, and what it says.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class GaleraScriptTests : IDisposable
{
    private const string Uuid = "af1d7974-e922-11f1-907b-1e0f74593d50";
    private const string Other = "11111111-e922-11f1-907b-1e0f74593d50";

    private readonly string root = Directory.CreateTempSubdirectory("galera-").FullName;
    private readonly string data;

    public GaleraScriptTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the scripts are for Linux");
        data = Directory.CreateDirectory(Path.Combine(root, "data")).FullName;
        Directory.CreateDirectory(Path.Combine(root, "run"));
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void What_leaves_something_behind_begins_a_new_history()
    {
        Database(Uuid, 10);
        Mark(isNewHistory: true);

        var said = Start("position=" + Uuid + ":10; may_found && echo \"founds $position $recovered\"");

        Assert.StartsWith("founds ", said, StringComparison.Ordinal);
        Assert.DoesNotContain(Uuid, said, StringComparison.Ordinal);
        var grastate = File.ReadAllText(Path.Combine(data, "grastate.dat"));
        Assert.DoesNotContain(Uuid, grastate, StringComparison.Ordinal);
        Assert.Contains("seqno:   0", grastate, StringComparison.Ordinal);
        Assert.Equal(said.Split(' ')[1].Split(':')[0], File.ReadAllText(Path.Combine(data, ".swarmops-member")).Trim());
    }

    [Theory]
    [InlineData(":")]
    [InlineData("rm -r $data/mysql")]
    [InlineData(": >$data/sst_in_progress")]
    public void What_is_left_of_no_whole_database_begins_no_new_history(string harm)
    {
        if (harm != ":")
            Database(Uuid, 10);
        Mark(isNewHistory: true);

        Assert.StartsWith(
            "waits its bootstrap marker requests a new state UUID",
            Start($"{harm}; may_found || echo \"waits $reason\""),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void With_a_marker_that_asks_for_nothing_its_own_history_goes_on()
    {
        Database(Uuid, 10);
        Mark(isNewHistory: false);

        Assert.Equal($"founds {Uuid}:10 ", Start("position=" + Uuid + ":10; may_found && echo \"founds $position $recovered\""));
    }

    [Fact]
    public void A_node_that_was_left_behind_waits_beside_the_new_history()
    {
        Database(Uuid, 311);

        var said = Start(
            $"position={Uuid}:311; any_peer_answers() {{ return 0; }}; peer_positions() {{ echo {Other}:400; }}; may_join || echo \"waits $reason\""
        );

        Assert.Contains("its data would be overwritten; Repair-GaleraCluster moves it aside", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_database_is_neither_begun_from_nor_joined_with()
    {
        Database(Uuid, 10);
        File.WriteAllText(Path.Combine(data, ".swarmops-moving"), ".swarmops-aside/20200101T000000Z\n");
        Mark(isNewHistory: false);

        var said = Start(
            $"position={Uuid}:10; may_found || echo \"waits [$position] $reason\"; position={Uuid}:10; any_peer_answers() {{ return 0; }}; may_join || echo \"waits [$position] $reason\""
        );

        Assert.All(said.Split('\n'), line => Assert.StartsWith("waits [] its data was being moved aside", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Half_a_database_is_waited_for_and_its_position_is_not_looked_for()
    {
        Database(Uuid, 10);
        File.WriteAllText(Path.Combine(data, ".swarmops-moving"), "x");

        var said = Start(
            "sleep() { cat $state; rm $data/.swarmops-moving; }; wait_while_moving; find_position; echo \"then $position$reason\""
        );

        Assert.StartsWith("phase=waiting\nposition=\n", said, StringComparison.Ordinal);
        Assert.EndsWith($"then {Uuid}:10", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "marked")]
    [InlineData("history=kept", "marked")]
    [InlineData("boot_id=$(</proc/sys/kernel/random/boot_id)", "marked")]
    [InlineData("boot_id=0c4d8ac1-0000-4000-8000-000000000000", "waits its bootstrap marker is from before the last boot of its host")]
    public void A_marker_holds_for_one_start_of_its_host_and_one_made_by_hand_holds(string marker, string said)
    {
        Assert.StartsWith(
            said,
            Start($"printf '%s' \"{marker}\" >$marker; if is_marked; then echo marked; else may_join || echo \"waits $reason\"; fi"),
            StringComparison.Ordinal
        );
        Assert.True(File.Exists(Path.Combine(data, ".swarmops-bootstrap")));
    }

    [Theory]
    [InlineData(Uuid + ":9", Uuid + ":12", "joins")]
    [InlineData(Uuid + ":9", Other + ":400", "waits")]
    [InlineData(Other + ":9", Other + ":400", "waits")]
    [InlineData(Uuid + ":9", "", "waits")]
    [InlineData(Uuid + ":9", "arbitrator", "joins")]
    [InlineData(Uuid + ":", Uuid + ":12", "joins")]
    public void Members_of_the_last_view_come_back_together_where_all_are_of_one_history(string first, string second, string does)
    {
        Database(Uuid, 10);
        File.WriteAllText(
            Path.Combine(data, "gvwstate.dat"),
            "my_uuid: a\n#vwbeg\nview_id: 3 a 3\nbootstrap: 0\nmember: a 0\nmember: b 0\nmember: c 0\n#vwend\n"
        );
        var peers = $"position={Uuid}:10; peers() {{ echo b; echo c; }}; history_of() {{ [ $1 = b ] && echo {first} || echo {second}; }}; ";

        Assert.Equal(does, Start(peers + "may_join && echo joins || echo waits"));
        // One of them has begun already: what it holds is known, or it is waited for.
        Assert.Equal(
            does,
            Start(peers + "any_peer_answers() { return 0; }; answers() { [ $1 = b ]; }; may_join && echo joins || echo waits")
        );
        // The arbitrator alone answers: it says nothing of a history.
        Assert.Equal(
            does,
            Start(peers + "any_peer_answers() { return 0; }; answers() { return 1; }; may_join && echo joins || echo waits")
        );
    }

    [Theory]
    [InlineData(Uuid + ":10", "", Uuid + ":10")]
    [InlineData("", "", Uuid + ":")]
    [InlineData(Uuid + ":10", ".swarmops-diverged", "")]
    [InlineData("", ".swarmops-moving", "")]
    public void A_node_says_what_it_holds_and_nothing_of_what_is_to_be_moved_aside(string position, string note, string said)
    {
        File.WriteAllText(Path.Combine(data, ".swarmops-member"), Uuid + "\n");
        if (note.Length > 0)
            File.WriteAllText(Path.Combine(data, note), "x");
        // The script's own place for it is a constant: only the function runs, with another.
        var told = Path.Combine(data, "told");

        Assert.Equal(
            said,
            Start(
                $"position={position}; eval \"$(declare -f say_history | sed 's#$history#{told}#g')\"; say_history; cat {told} 2>/dev/null || true"
            )
        );
    }

    [Fact]
    public void A_marker_that_was_put_before_the_host_last_started_is_followed_no_more()
    {
        Mark(isNewHistory: false);

        Assert.StartsWith(
            "its bootstrap marker is from before the last boot of its host",
            Start("touch -d 2000-01-01 $marker; is_marked || echo \"$stale\""),
            StringComparison.Ordinal
        );
        File.WriteAllText(Path.Combine(data, ".swarmops-bootstrap"), "");
        Assert.Equal("by hand", Start("touch -d 2000-01-01 $marker; is_marked && echo by hand"));
    }

    [Fact]
    public void A_marker_of_ours_holds_now()
    {
        Mark(isNewHistory: true);

        Assert.Equal("new", Start("is_marked && wants_new_history && echo new"));
        Assert.Equal("followed new", Start("note_boot; note_boot; is_marked && wants_new_history && echo followed new"));
        Assert.Equal(2, File.ReadAllLines(Path.Combine(data, ".swarmops-bootstrap")).Length);
        Assert.Equal([".swarmops-bootstrap"], Directory.GetFileSystemEntries(data).Select(Path.GetFileName));
        File.WriteAllText(Path.Combine(data, ".swarmops-bootstrap"), "");
        Assert.Equal("by hand 0", Start("note_boot; is_marked && echo by hand $(wc -c <$marker)"));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void A_database_without_grastate_keeps_its_history_only_after_a_loss_of_power(bool hasCache, bool keeps)
    {
        Database(Uuid, 10);
        File.Delete(Path.Combine(data, "grastate.dat"));
        File.WriteAllText(Path.Combine(data, ".swarmops-member"), Uuid + "\n");
        if (hasCache)
            File.WriteAllText(Path.Combine(data, "galera.cache"), "x");

        Assert.Equal(
            keeps,
            Start($"position={Uuid}:10; may_found && echo \"founds $position\"").StartsWith("founds " + Uuid, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("rm $data/grastate.dat", "holds")]
    [InlineData(": >$data/sst_in_progress", "rest")]
    [InlineData("printf 'uuid:    00000000-0000-0000-0000-000000000000\n' >$data/grastate.dat", "rest")]
    [InlineData("find() { return 1; }; rm $data/grastate.dat", "holds")]
    public void Only_what_Galera_calls_the_rest_of_a_state_transfer_may_be_overwritten(string then, string said)
    {
        Database(Uuid, 10);
        File.WriteAllText(Path.Combine(data, ".swarmops-joining"), "");

        Assert.Equal(said, Start($"{then}; if holds_data; then echo holds; else echo rest; fi"));
    }

    [Theory]
    [InlineData("", "offered")]
    [InlineData("GALERA_TLS_FILE=/run/secrets/tls; ", "")]
    public void With_TLS_no_peer_is_offered_the_password(string tls, string said) =>
        Assert.Equal(
            said,
            Start(
                $"MARIADB_ROOT_PASSWORD_FILE=/dev/null; timeout() {{ echo offered >&3; }}; {tls}{{ position_by_sql 10.0.1.4 >/dev/null || :; }} 3>&1"
            )
        );

    [Theory]
    [InlineData("exit 137", "the client exited with code 137", true)]
    [InlineData("exit 0", "the client exited with code 0", true)]
    [InlineData("echo \"ERROR 1045 (28000): Access denied\" >&2; exit 1", "ERROR 1045 (28000): Access denied", true)]
    [InlineData(
        "printf 'wsrep_cluster_status\\tPrimary\\n'; echo 'ERROR 2013 (HY000): Lost connection' >&2; exit 1",
        "ERROR 2013 (HY000): Lost connection",
        true
    )]
    [InlineData("echo \"ERROR 2002 (HY000): Can't connect (2)\" >&2; exit 1", "ERROR 2002 (HY000): Can't connect (2)", false)]
    [InlineData("printf 'wsrep_cluster_status\\tPrimary\\nwsrep_local_state_comment\\tSynced\\n'", null, false)]
    public void A_report_says_why_a_server_could_not_be_asked(string client, string? error, bool isSilent)
    {
        File.WriteAllText(Path.Combine(root, "run", "phase"), "starting\n");
        Program("mariadb", client);
        Program("gosu", "exit 1");
        Program("getent", "exit 0");
        File.WriteAllText(Path.Combine(root, "secret"), "x");

        // Nothing can be written: no file may stand between the server and what is said of it.
        var report = Run(
            Here(GaleraScript.Report.Text),
            ("PATH", $"{root}:{Environment.GetEnvironmentVariable("PATH")}"),
            ("WSREP_CLUSTER_DNSNAME", "peers"),
            ("MARIADB_ROOT_PASSWORD_FILE", Path.Combine(root, "secret")),
            ("TMPDIR", "/nowhere")
        );

        var node = GaleraReport.Parse(report).Describe(new GaleraNode { Node = "a" });
        Assert.Equal(isSilent, node.IsSilent);
        if (error is null)
            Assert.Equal(("Synced", "Primary"), (node.State, node.ClusterStatus));
        else
            Assert.StartsWith(error, node.Error, StringComparison.Ordinal);
    }

    private void Database(string uuid, long seqno)
    {
        Directory.CreateDirectory(Path.Combine(data, "mysql"));
        File.WriteAllText(Path.Combine(data, "ibdata1"), "x");
        File.WriteAllText(
            Path.Combine(data, "grastate.dat"),
            $"# GALERA saved state\nversion: 2.1\nuuid:    {uuid}\nseqno:   {seqno}\nsafe_to_bootstrap: 0\n"
        );
    }

    private void Mark(bool isNewHistory) => Run(DataDirectoryScripts.Mark(data, isNewHistory));

    private void Program(string name, string script)
    {
        File.WriteAllText(Path.Combine(root, name), "#!/bin/bash\n" + script + "\n");
        File.SetUnixFileMode(Path.Combine(root, name), (UnixFileMode)0x1ED);
    }

    private string Here(string script) =>
        script
            .Replace("/var/lib/mysql", data, StringComparison.Ordinal)
            .Replace("/run/galera", Path.Combine(root, "run"), StringComparison.Ordinal);

    /// <summary>The functions of the start script, and what is to be done with them.</summary>
    private string Start(string then)
    {
        var text = GaleraScript.Start.Text;
        var functions = text[..text.IndexOf("readonly role=", StringComparison.Ordinal)];
        const string ground =
            "chown() { :; }; recover_only='' own='' position='' recovered='' address='' reason='' stale='' group='' arguments=(); say() { :; }; peers() { :; }; any_peer_answers() { return 1; }\n";
        return Run(Here(functions) + ground + then, ("WSREP_CLUSTER_NAME", "galera"), ("WSREP_CLUSTER_DNSNAME", "peers")).TrimEnd('\n');
    }

    private static string Run(string script, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal((0, ""), (process.ExitCode, error.Result));
        return output;
    }
}
