using System.Globalization;
using Docker.DotNet.Models;
using SwarmOps.Pipeline;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Stacks.Planning;

/// <summary>Finds published ports on which a program of a host listens. Only hosts of the node set can be asked; what others have is found when the task starts.</summary>
/// <param name="swarm">The swarm.</param>
/// <param name="state">What the swarm has.</param>
/// <param name="throttleLimit">How many hosts are asked at the same time.</param>
/// <param name="findings">Where conflicts go.</param>
internal sealed class HostPortPlanner(SwarmSession swarm, StackState state, int throttleLimit, StackFindings findings)
{
    /// <summary>Listening TCP sockets and unconnected UDP sockets, by the kernel's own list: protocol and local port in hexadecimal.</summary>
    private const string Script = """
        for file in tcp tcp6; do sed -n 's/^ *[0-9]*: [0-9A-F]*:\([0-9A-F]*\) [0-9A-F:]* 0A .*/tcp \1/p' "/proc/net/$file" 2>/dev/null; done
        for file in udp udp6; do sed -n 's/^ *[0-9]*: [0-9A-F]*:\([0-9A-F]*\) [0-9A-F:]* 07 .*/udp \1/p' "/proc/net/$file" 2>/dev/null; done
        true
        """;

    private const int Looks = 6;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Looking must not hold up a deployment.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Checks the ports that services are about to publish.</summary>
    public async Task CheckAsync(IReadOnlyList<ServiceStep> services)
    {
        // A port that a service of the swarm publishes already is held by the engines themselves.
        var known = state.Services.SelectMany(PortPlanner.Published).Select(port => port.Key).ToHashSet();
        var wanted = services
            .Where(step => step.Changes && step.Service.Replicas is not 0)
            .SelectMany(step =>
                step.Service.Ports.Where(port => port.Published > 0 && !known.Contains((port.Published, port.Protocol)))
                    .Select(port => (Step: step, Port: port))
            )
            .ToList();
        if (wanted.Count == 0)
            return;
        var nodes = swarm.Nodes.Where(node => wanted.Exists(use => Binds(node, use.Step, use.Port))).ToList();
        var conflicts = await ConflictsAsync(nodes, wanted).ConfigureAwait(false);
        // An engine holds a port of the routing mesh for some seconds after its service was removed.
        for (var look = 1; conflicts.Count > 0 && look < Looks; look++)
        {
            await Task.Delay(Pause, swarm.Context.CancellationToken).ConfigureAwait(false);
            conflicts = await ConflictsAsync(nodes, wanted).ConfigureAwait(false);
        }

        foreach (var (problem, remedy) in conflicts)
            findings.Add(problem, remedy);
    }

    private async Task<List<(string Problem, string Remedy)>> ConflictsAsync(
        IReadOnlyList<SwarmNode> nodes,
        IReadOnlyList<(ServiceStep Step, PublishedPort Port)> wanted
    )
    {
        var listening = await Throttle.ForEachAsync(nodes, throttleLimit, LookAsync, swarm.Context.CancellationToken).ConfigureAwait(false);
        var found = new List<(string, string)>();
        foreach (var (step, port) in wanted)
        {
            var taken = nodes
                .Zip(listening)
                .Where(host => Binds(host.First, step, port) && host.Second.Contains((port.Published, port.Protocol)))
                .Select(host => host.First.Name)
                .ToList();
            if (taken.Count > 0 && IsInTheWay(step, port, taken.Count))
                found.Add(
                    (
                        $"'{step.Name}' publishes {port.Published}/{port.Protocol}, on which a program or container listens already on {string.Join(", ", taken)}",
                        "Stop it there ('ss -lntup' on the host lists it), publish another port, or exclude the node with a constraint."
                    )
                );
        }

        return found;
    }

    /// <summary>The routing mesh needs the port on every node; a replicated service needs as many free hosts as it has replicas.</summary>
    private bool IsInTheWay(ServiceStep step, PublishedPort port, int taken)
    {
        if (!port.OnHost || step.Service.Mode is SwarmServiceMode.Global or SwarmServiceMode.GlobalJob)
            return true;
        var usable = swarm.View.Members.Count(member =>
            PlacementMatch.TakesTasks(member) && PlacementMatch.Meets(member, step.Service.Constraints)
        );
        return usable - taken < (step.Service.Replicas ?? 1);
    }

    /// <summary>Whether the port will be bound on a node.</summary>
    private bool Binds(SwarmNode node, ServiceStep step, PublishedPort port) =>
        swarm.View.Find(node.NodeId ?? "") is { } member && (!port.OnHost || Runs(member, step));

    private static bool Runs(NodeListResponse member, ServiceStep step) =>
        PlacementMatch.TakesTasks(member) && PlacementMatch.Meets(member, step.Service.Constraints);

    /// <summary>The ports of a host on which somebody listens; none if it cannot be asked, as over tcp:// or on Windows.</summary>
    private async Task<IReadOnlySet<(int Port, string Protocol)>> LookAsync(SwarmNode node)
    {
        try
        {
            var result = await swarm
                .Context.Connection(node)
                .RunAsync(new NodeCommand(Script) { Timeout = Limit }, swarm.Context.CancellationToken)
                .ConfigureAwait(false);
            return Parse(result.Output);
        }
        catch (SwarmOpsException error)
        {
            swarm.Context.WriteVerbose($"{node.Name}: ports of programs on the host were not checked: {error.Message}");
            return new HashSet<(int, string)>();
        }
    }

    /// <summary>Reads a host's report.</summary>
    internal static IReadOnlySet<(int Port, string Protocol)> Parse(string report) =>
        report
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split(' '))
            .Where(words => words is [_, { Length: 4 }])
            .Select(words =>
                int.TryParse(words[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var port)
                    ? (port, words[0])
                    : (0, words[0])
            )
            .Where(found => found.Item1 > 0)
            .ToHashSet();
}
