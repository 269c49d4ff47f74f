using System.Diagnostics;
using System.Runtime.Versioning;
using SwarmOps.Galera;

namespace SwarmOps.Tests.Unit.Galera;

/// <summary>The scripts that query a server and make it log conflicts, in a real bash, with a client that is none.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class GaleraQueryScriptTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("query-").FullName;

    public GaleraQueryScriptTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "the scripts are for Linux");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData("printf 'a\\tb\\n'", "a\tb\ndone\n")]
    [InlineData(":", "done\n")]
    [InlineData("printf 'a\\tb\\n'; echo 'ERROR 1064 (42000): near x' >&2; exit 1", "a\tb\nsql_error\tERROR 1064 (42000): near x\n")]
    [InlineData("exit 7", "sql_error\tthe client exited with code 7\n")]
    [InlineData("exec sleep 5", "sql_error\tthe server did not answer within 1 s\n")]
    [InlineData("echo \"$MYSQL_PWD $*\"", "secret --protocol=socket -uroot -NB --default-character-set=utf8mb4 -e SELECT 1\ndone\n")]
    public void Rows_are_complete_or_there_is_an_error(string client, string output)
    {
        Client(client);

        Assert.Equal(output, Run(GaleraScript.Query.Text, ("GALERA_SQL", "SELECT 1"), ("GALERA_SQL_SECONDS", "1")));
    }

    [Fact]
    public void Another_account_is_used_with_its_own_password()
    {
        Client("echo \"$MYSQL_PWD $2\"");

        Assert.Equal(
            "other -uapp\ndone\n",
            Run(
                GaleraScript.Query.Text,
                ("GALERA_SQL", "x"),
                ("GALERA_SQL_SECONDS", "1"),
                ("GALERA_SQL_USER", "app"),
                ("GALERA_SQL_PASSWORD", "other")
            )
        );
    }

    [Theory]
    [InlineData("0", "1", "", "ON OFF")]
    [InlineData("1", "1", "", "")]
    [InlineData("1", "1", "9", "ON OFF")]
    [InlineData("1", "0", "9", "OFF")]
    [InlineData("1", "0", "", "")]
    [InlineData("0", "0", "", "")]
    public void Conflicts_are_logged_for_a_while_and_only_by_who_began_it(string isOn, string seconds, string holder, string did)
    {
        Client($"case \"$*\" in *SELECT*) echo {isOn} ;; *=\\ ON) echo ON >>{root}/did ;; *=\\ OFF) echo OFF >>{root}/did ;; esac");
        if (holder.Length > 0)
            File.WriteAllText(State, holder);

        Run(Here(GaleraScript.Conflicts.Text), ("GALERA_SECONDS", seconds));

        Assert.Equal(did, Did());
        Assert.False(File.Exists(State));
    }

    [Fact]
    public void Who_was_replaced_leaves_the_server_as_it_is()
    {
        Client(
            $"case \"$*\" in *SELECT*) echo 0 ;; *=\\ ON) echo ON >>{root}/did; echo 4711 >{State} ;; *=\\ OFF) echo OFF >>{root}/did ;; esac"
        );

        Run(Here(GaleraScript.Conflicts.Text), ("GALERA_SECONDS", "1"));

        Assert.Equal(("ON", "4711"), (Did(), File.ReadAllText(State).Trim()));
    }

    [Fact]
    public void A_server_that_takes_no_connection_for_a_while_is_asked_again()
    {
        Client(
            $"case \"$*\" in *SELECT*) echo 0 ;; *=\\ OFF) [ -e {root}/refused ] || {{ touch {root}/refused; exit 1; }}; echo OFF >>{root}/did ;; esac"
        );

        Run(Here(GaleraScript.Conflicts.Text), ("GALERA_SECONDS", "1"));

        Assert.Equal(("OFF", false), (Did(), File.Exists(State)));
    }

    private string State => Path.Combine(root, "log-conflicts");

    private string Did() => File.Exists(Path.Combine(root, "did")) ? string.Join(' ', File.ReadAllLines(Path.Combine(root, "did"))) : "";

    private string Here(string script) =>
        script
            .Replace("/run/galera", root, StringComparison.Ordinal)
            .Replace("sleep \"$GALERA_SECONDS\"", "sleep 0.1", StringComparison.Ordinal)
            .Replace("sleep 2", "sleep 0.1", StringComparison.Ordinal);

    private void Client(string script)
    {
        var file = Path.Combine(root, "mariadb");
        File.WriteAllText(file, "#!/bin/bash\n" + script + "\n");
        File.SetUnixFileMode(file, (UnixFileMode)0x1ED);
        File.WriteAllText(Path.Combine(root, "secret"), "secret\n");
    }

    private string Run(string script, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{root}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["MARIADB_ROOT_PASSWORD_FILE"] = Path.Combine(root, "secret");
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
