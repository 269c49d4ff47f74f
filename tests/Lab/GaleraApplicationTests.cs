namespace SwarmOps.Tests.Lab;

/// <summary>What applications do to a real cluster, right and wrong: each fault of a schema and of a workload is found, and what is right is not. All tests share one cluster.</summary>
public sealed partial class GaleraApplicationTests(LabFixture lab) : IDisposable
{
    // What stands before the first test of a class is another class' swarm.
    private static bool formed;

    private readonly Session session = new();
    private IReadOnlyList<SwarmNode> nodes = [];

    public void Dispose() => session.Dispose();

    /// <summary>A cluster in the strict mode that records statements and can be reached from this machine.</summary>
    private async Task FormAsync()
    {
        if (formed)
        {
            nodes = session.Nodes(lab);
            return;
        }

        nodes = await GaleraGround.FormAsync(lab, session);
        var made = session
            .Run(
                $"$n | New-GaleraService -Overlay db {GaleraGround.Image} -Publish -Strict -MariaDbOption @{{ 'performance-schema' = 'ON' }}",
                ("n", nodes)
            )
            .ThrowOnError();
        Assert.Empty(made.Warnings);
        formed = true;
    }

    /// <summary>Runs a script in a host's database, as the client reads it from a file.</summary>
    /// <param name="host">Number of the host.</param>
    /// <param name="script">The script.</param>
    /// <param name="options">Further options of the client, such as to continue after an error.</param>
    private async Task<string> SqlAsync(int host, string script, string options = "")
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, script, TestContext.Current.CancellationToken);
            return await FileAsync(host, file, options);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The same for a file of this machine, of any size: it goes through the host's engine.</summary>
    private async Task<string> FileAsync(int host, string file, string options = "")
    {
        var result = await Shell.RunAsync(
            "bash",
            "-c",
            """
            export DOCKER_HOST=unix://$1
            id=$("$2" ps -q --filter volume=/srv/mysql | head -n 1)
            "$2" exec -i "$id" bash -c 'MYSQL_PWD=$(<"$MARIADB_ROOT_PASSWORD_FILE") mariadb -uroot -NB '"$4" <"$3"
            """,
            "sql",
            lab.Hosts[host].DockerSocket,
            await DockerAsync(),
            file,
            options
        );
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException(result.Error);
    }

    private string? docker;

    private async Task<string> DockerAsync() =>
        docker ??= System.Text.Json.Nodes.JsonNode.Parse(await lab.OnLabAsync("status", "--json"))!["dockerCli"]!.GetValue<string>();

    private async Task<IReadOnlyList<string>> EachAsync(string statement) =>
        [.. (await Task.WhenAll(lab.Hosts.Select((_, index) => SqlAsync(index, statement)))).Select(value => value.Trim())];
}
