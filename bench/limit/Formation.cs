using System.Diagnostics;
using System.Text.Json.Nodes;

namespace SwarmOps.Limit;

/// <summary>
/// From bare engines to managers and an encrypted overlay: the steps of the pipeline in its order, with each of its waits, and nothing else. Only what need not wait does not: nodes join at the same
/// time, and the next promotion begins when the leader reports the last one Reachable, while that node itself is still being asked.
/// </summary>
internal sealed class Formation(IReadOnlyList<Engine> engines, int managerCount)
{
    private readonly Deadline deadline = new(TimeSpan.FromMinutes(2));
    private readonly Engine leader = engines[0];
    private readonly IReadOnlyList<Engine> joining = [.. engines.Skip(1)];
    private readonly Dictionary<Engine, string> ids = [];
    private readonly Stopwatch clock = new();
    private readonly Report report = new();
    private string swarmId = "";

    public async Task<Report> RunAsync()
    {
        // Neither connections nor the compilation of this program are the engine's: both before the clock starts.
        await Task.WhenAll(engines.Select(engine => engine.GetAsync("info")));
        clock.Start();
        var tokens = await report.MeasureAsync("initialize", clock, InitializeAsync);
        await report.MeasureAsync("join", clock, () => JoinAsync(tokens));
        await report.MeasureAsync("promote", clock, PromoteAsync);
        await report.MeasureAsync("overlay", clock, CreateOverlayAsync);
        report.Seconds = clock.Elapsed.TotalSeconds;
        return report;
    }

    /// <returns>The token that workers join with.</returns>
    private async Task<string> InitializeAsync()
    {
        var states = await Task.WhenAll(engines.Select(engine => engine.GetAsync("info")));
        if (states.FirstOrDefault(state => State(state) != "inactive") is { } busy)
            throw new InvalidOperationException($"The engine of {busy["Name"]} is not bare: its swarm state is {State(busy)}.");
        await leader.PostAsync("swarm/init", Membership(leader.Host));
        var self = await deadline.UntilAsync(
            async () => Members(await leader.TryGetAsync("nodes")).FirstOrDefault(IsLeader),
            $"{leader.Host.Name} is no leader"
        );
        ids[leader] = Id(self);
        var (swarm, info) = (leader.GetAsync("swarm"), leader.GetAsync("info"));
        await Task.WhenAll(swarm, info, LabelAsync(leader));
        RefuseOtherAddress(leader, await info);
        swarmId = (string)(await swarm)["ID"]!;
        return (string)(await swarm)["JoinTokens"]!["Worker"]!;
    }

    private async Task JoinAsync(string token)
    {
        await Task.WhenAll(
            joining.Select(async engine =>
            {
                var membership = Membership(engine.Host);
                membership["JoinToken"] = token;
                membership["RemoteAddrs"] = new JsonArray($"{leader.Host.PublicAddress}:2377");
                await engine.PostAsync("swarm/join", membership);
            })
        );
        foreach (var (engine, info) in joining.Zip(await Task.WhenAll(joining.Select(engine => engine.GetAsync("info")))))
        {
            RefuseOtherAddress(engine, info);
            ids[engine] = (string)info["Swarm"]!["NodeID"]!;
        }

        var members = ids.Values.ToHashSet();
        await deadline.UntilAsync(
            async () =>
                Members(await leader.TryGetAsync("nodes")).Where(IsReady).Select(Id).ToHashSet() is { } ready && members.IsSubsetOf(ready)
                    ? ready
                    : null,
            "the leader does not list all nodes as ready"
        );
        await Task.WhenAll(joining.Select(LabelAsync));
    }

    private async Task PromoteAsync()
    {
        var serving = new List<Task>();
        foreach (var engine in joining.Take(managerCount - 1))
        {
            var begun = clock.Elapsed;
            await leader.UpdateMemberAsync(ids[engine], spec => spec["Role"] = "manager", deadline);
            await deadline.UntilAsync(
                async () => await leader.TryGetAsync($"nodes/{ids[engine]}") is { } member && IsReachable(member) ? member : null,
                $"the leader does not report {engine.Host.Name} as reachable"
            );
            var manager = new Report.Manager(engine.Host.Name) { Reachable = (clock.Elapsed - begun).TotalSeconds };
            report.Managers.Add(manager);
            serving.Add(WaitUntilServingAsync(engine, manager, begun));
        }

        await Task.WhenAll(serving);
    }

    /// <summary>Asks a new manager itself, until it lists the swarm with its leader.</summary>
    private async Task WaitUntilServingAsync(Engine engine, Report.Manager manager, TimeSpan begun)
    {
        await deadline.UntilAsync(
            async () =>
                Members(await engine.TryGetAsync("nodes")).Any(IsLeader)
                && await engine.TryGetAsync("info") is { } info
                && (bool)info["Swarm"]!["ControlAvailable"]!
                && (string?)info["Swarm"]!["Cluster"]?["ID"] == swarmId
                    ? info
                    : null,
            $"{engine.Host.Name} does not serve as a manager"
        );
        manager.Serving = (clock.Elapsed - begun).TotalSeconds;
    }

    /// <summary>Creates it and waits until the leader has allocated it and another manager lists it.</summary>
    private async Task CreateOverlayAsync()
    {
        var created = await leader.PostAsync(
            "networks/create",
            new JsonObject
            {
                ["Name"] = "internal",
                ["Driver"] = "overlay",
                ["Scope"] = "swarm",
                ["Attachable"] = true,
                ["CheckDuplicate"] = true,
                ["Options"] = new JsonObject { ["encrypted"] = "" },
            }
        );
        var path = $"networks/{JsonNode.Parse(created)!["Id"]}";
        await deadline.UntilAsync(
            async () => await leader.TryGetAsync(path) is { } network && IsAllocated(network) ? network : null,
            "the overlay is not allocated"
        );
        if (managerCount > 1)
            await deadline.UntilAsync(() => joining[0].TryGetAsync(path), $"{joining[0].Host.Name} does not list the overlay");
    }

    private Task LabelAsync(Engine engine) =>
        leader.UpdateMemberAsync(ids[engine], spec => spec["Labels"] = new JsonObject { ["region"] = engine.Host.Region }, deadline);

    private static JsonObject Membership(Host host) =>
        new() { ["AdvertiseAddr"] = host.PublicAddress, ["ListenAddr"] = $"{host.PrivateAddress}:2377" };

    private static void RefuseOtherAddress(Engine engine, JsonNode info)
    {
        if ((string?)info["Swarm"]!["NodeAddr"] != engine.Host.PublicAddress)
            throw new InvalidOperationException(
                $"{engine.Host.Name} advertises {info["Swarm"]!["NodeAddr"]}, not {engine.Host.PublicAddress}."
            );
    }

    private static IEnumerable<JsonNode> Members(JsonNode? list) => list is JsonArray members ? members.OfType<JsonNode>() : [];

    private static string Id(JsonNode member) => (string)member["ID"]!;

    private static string? State(JsonNode info) => (string?)info["Swarm"]?["LocalNodeState"];

    private static bool IsReady(JsonNode member) => (string?)member["Status"]?["State"] == "ready";

    private static bool IsReachable(JsonNode member) => (string?)member["ManagerStatus"]?["Reachability"] == "reachable";

    private static bool IsAllocated(JsonNode network) =>
        network["IPAM"]?["Config"] is JsonArray { Count: > 0 }
        && network["Options"]?["com.docker.network.driver.overlay.vxlanid_list"] is not null;

    private static bool IsLeader(JsonNode member) => (bool?)member["ManagerStatus"]?["Leader"] is true;
}
