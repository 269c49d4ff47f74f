using System.Text.Json.Nodes;

namespace SwarmOps.Tests.Lab;

/// <summary>A swarm for stacks, with nothing on it, and files on this machine.</summary>
internal sealed class StackGround : IDisposable
{
    private readonly LabFixture lab;
    private readonly Session session;

    private StackGround(LabFixture lab, Session session, IReadOnlyList<SwarmNode> nodes) =>
        (this.lab, this.session, Nodes) = (lab, session, nodes);

    public IReadOnlyList<SwarmNode> Nodes { get; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("swarmops-stack-").FullName;

    public static async Task<StackGround> FormAsync(LabFixture lab, Session session)
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        await ServiceSwarm.ManagerAsync(
            lab,
            "for id in $(docker network ls -q --filter label=com.docker.stack.namespace); do docker network rm $id >/dev/null || true; done"
        );
        // A node lists a network that the swarm has no longer until its last container has left it.
        await ManagerLab.UntilAsync(
            async () =>
                string.Concat(
                    await Task.WhenAll(
                        lab.Hosts.Select(host => lab.ExecAsync(host, "docker network ls -q --filter label=com.docker.stack.namespace"))
                    )
                )
                    is var left
                    ? (left.Trim().Length == 0, left)
                    : (false, ""),
            60
        );
        return new StackGround(lab, session, nodes);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string text, string name = "compose.yaml")
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Publishes compose.yaml as the stack shop.</summary>
    public Outcome Publish(string more = "") =>
        Run(
            $"Publish-SwarmStack -Path $f -Name shop -NoResolveImage {Default("-StableSeconds", 1, more)} {Default("-TimeoutSeconds", 60, more)} {more} -WarningAction SilentlyContinue"
        );

    private static string Default(string parameter, int value, string given) =>
        given.Contains(parameter, StringComparison.Ordinal) ? "" : $"{parameter} {value}";

    /// <summary>Runs a cmdlet with the nodes; <c>$f</c> is compose.yaml.</summary>
    public Outcome Run(string line) => session.Run($"$n | {line}", ("n", Nodes), ("f", Path.Combine(Folder, "compose.yaml")));

    /// <summary>Runs a script on the manager.</summary>
    public async Task<string> ManagerAsync(string script) => (await ServiceSwarm.ManagerAsync(lab, script)).Trim();

    /// <summary>Deploys compose.yaml with the docker CLI.</summary>
    public async Task<string> DeployByHandAsync(string name = "shop", string file = "compose.yaml")
    {
        await CopyAsync(Folder);
        return await ManagerAsync($"cd {Folder} && docker stack deploy --detach=true --resolve-image never -c {file} {name} 2>&1");
    }

    /// <summary>Copies the files of a folder to the manager, where the docker CLI reads them at the same path.</summary>
    public async Task CopyAsync(string folder)
    {
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
            await ManagerAsync(
                $"mkdir -p '{Path.GetDirectoryName(file)}' && echo {Convert.ToBase64String(await File.ReadAllBytesAsync(file))} | base64 -d >'{file}'"
            );
    }

    /// <summary>Ids of the running tasks of a service.</summary>
    public Task<string> TasksAsync(string service) => ManagerAsync($"docker service ps -q --filter desired-state=running {service} | sort");

    /// <summary>The specification that the engine holds.</summary>
    public async Task<JsonObject> SpecAsync(string service) =>
        JsonNode.Parse(await ManagerAsync($"curl -s --unix-socket /var/run/docker.sock http://x/v1.41/services/{service}"))![
            "Spec"
        ]!.AsObject();
}
