using System.Text.Json;

namespace SwarmOps.Tests.Lab;

/// <summary>What the docker CLI on the hosts says: the tests do not take the module's word.</summary>
internal static class SwarmFacts
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>One swarm: all hosts Ready members of it, so many managers Reachable, one leader, each manager answering for itself, advertised at its public address.</summary>
    public static async Task AssertHealthyAsync(LabFixture lab, int managers)
    {
        var rows = await NodesAsync(lab);
        Assert.Equal(lab.Hosts.Select(host => host.Name).Order(), rows.Select(row => row[0]).Order());
        Assert.All(rows, row => Assert.Equal("Ready", row[1]));
        Assert.Equal(managers, rows.Count(row => row[2] is "Leader" or "Reachable"));
        Assert.Single(rows, row => row[2] == "Leader");
        foreach (var host in lab.Hosts)
        {
            var info = (await lab.ExecAsync(host, "docker info -f '{{.Swarm.NodeAddr}} {{.Swarm.ControlAvailable}} {{.Swarm.Error}}'"))
                .Trim()
                .Split(' ');
            Assert.Equal(host.PublicAddress, info[0]);
            Assert.Equal(rows.Single(row => row[0] == host.Name)[2] is "Leader" or "Reachable", info[1] == "true");
        }
    }

    /// <summary>Host name, state, manager status of each node, asked of the first host that is a manager.</summary>
    public static async Task<IReadOnlyList<string[]>> NodesAsync(LabFixture lab) =>
        Lines(await OnManagerAsync(lab, "docker node ls --format '{{.Hostname}}|{{.Status}}|{{.ManagerStatus}}'"))
            .Select(line => line.Split('|'))
            .ToList();

    /// <summary>The versions of all nodes and networks: the same as long as nobody writes.</summary>
    public static Task<string> VersionsAsync(LabFixture lab) =>
        OnManagerAsync(
            lab,
            "docker node inspect -f '{{.ID}} {{.Spec.Role}} {{.Spec.Availability}} {{json .Spec.Labels}}' $(docker node ls -q); docker network ls --no-trunc --filter scope=swarm; docker info -f '{{.Swarm.Cluster.ID}}'"
        );

    public static string Json(IEnumerable<object> objects) => JsonSerializer.Serialize(objects.ToList(), Indented);

    private static async Task<string> OnManagerAsync(LabFixture lab, string script)
    {
        foreach (var host in lab.Hosts)
        {
            var text = await lab.ExecAsync(
                host,
                $"[ \"$(docker info -f '{{{{.Swarm.ControlAvailable}}}}' 2>/dev/null)\" = true ] || exit 0; {script}"
            );
            if (text.Trim().Length > 0)
                return text;
        }

        throw new InvalidOperationException("No host is a manager that answers.");
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
