using System.Net;
using SwarmOps.GeoDns.Definition;
using SwarmOps.GeoDns.Running;
using SwarmOps.GeoDns.Wire;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.GeoDns.State;

/// <summary>Reads a zone: from its name servers over DNS, from inside their containers, and from the parent zone.</summary>
/// <param name="swarm">The swarm.</param>
/// <param name="throttleLimit">How many nodes are asked at the same time.</param>
internal sealed class GeoDnsReader(SwarmSession swarm, int throttleLimit)
{
    /// <summary>Clients to ask for; if empty, those of the network map and of the continents.</summary>
    public IReadOnlyList<DnsNetwork> Clients { get; init; } = [];

    /// <summary>Whether to ask the parent zone.</summary>
    public bool LooksUpDelegation { get; init; }

    /// <summary>The resolver for that; null for those of this machine.</summary>
    public IPEndPoint? Resolver { get; init; }

    /// <summary>Reads it.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors of the managers.</exception>
    public async Task<SwarmGeoDns> ReadAsync(GeoDnsDefinition definition)
    {
        var token = swarm.Context.CancellationToken;
        var questions = new ServerQuestions(definition, token);
        var delegation = LooksUpDelegation ? Delegation.ReadAsync(definition.Zone, Resolver, token) : null;
        var health = new HealthReader(swarm, throttleLimit).ReadAsync(definition);
        var serials = await Throttle.ForEachAsync(definition.Servers, throttleLimit, questions.SerialAsync, token).ConfigureAwait(false);
        var views = await health.ConfigureAwait(false);
        var servers = definition.Servers.Zip(serials, (server, view) => Describe(definition, server, view, views[server.NodeId])).ToList();
        var clients = ProbeClient.Of(definition, Clients);
        var asked = definition
            .Servers.Zip(serials)
            .Where(server => server.Second.Udp || server.Second.Tcp)
            .SelectMany(server => clients.Select(client => (Server: server.First, IsTcp: !server.Second.Udp, Client: client)));
        var answers = await Throttle
            .ForEachAsync(
                asked,
                throttleLimit,
                question => AnswerAsync(definition, questions, question.Server, question.Client, question.IsTcp),
                token
            )
            .ConfigureAwait(false);
        var told = delegation is null ? null : await delegation.ConfigureAwait(false);
        var zone = new SwarmGeoDns
        {
            Zone = definition.Zone,
            Service = definition.Service,
            SwarmId = swarm.SwarmId,
            Serial = definition.Serial,
            Records = [.. definition.Records.Select(definition.FullName)],
            TtlSeconds = definition.TtlSeconds,
            DetectionSeconds = definition.DetectionSeconds,
            Locating = GeoDnsFindings.Locating(definition),
            Regions = [.. definition.Regions.Select(region => Describe(definition, region, views))],
            Servers = servers,
            Answers = answers,
            DelegatedTo = told?.NameServers,
            Nodes = swarm.Nodes,
        };
        return GeoDnsFindings.Judge(zone, definition, views, told);
    }

    private static async Task<SwarmGeoDnsAnswer> AnswerAsync(
        GeoDnsDefinition definition,
        ServerQuestions questions,
        GeoDnsHost server,
        ProbeClient client,
        bool isTcp
    )
    {
        var (reply, _, error) = await questions.AnswerAsync(server, client.Network, isTcp).ConfigureAwait(false);
        return new SwarmGeoDnsAnswer
        {
            From = client.From,
            Client = client.Network?.ToString() ?? "",
            Server = server.Node,
            Regions = GeoDnsFindings.RegionsOf(definition, reply?.Addresses ?? []),
            Addresses = reply?.Addresses ?? [],
            Error = error,
        };
    }

    private static SwarmGeoDnsServer Describe(
        GeoDnsDefinition definition,
        GeoDnsHost server,
        SerialView view,
        (ServerHealth? Health, string? Error) health
    ) =>
        new()
        {
            Name = definition.HostName(server),
            Node = server.Node,
            Region = server.Region,
            Address = server.Address,
            Service = GeoDnsNames.Service(definition.Zone, server.Number),
            Serial = view.Serial,
            Udp = view.Udp,
            Tcp = view.Tcp,
            IsHealthKnown = health.Health is not null,
            Error = string.Join("; ", new[] { view.Error, health.Error }.OfType<string>()) is { Length: > 0 } why ? why : null,
        };

    private static SwarmGeoDnsRegion Describe(
        GeoDnsDefinition definition,
        GeoDnsRegion region,
        IReadOnlyDictionary<string, (ServerHealth? Health, string? Error)> views
    )
    {
        IReadOnlyList<string> Seeing(GeoDnsEdgeNode node, bool up) =>
            [.. definition.Servers.Where(server => views[server.NodeId].Health?.IsUp(node.Address) == up).Select(server => server.Node)];

        return new SwarmGeoDnsRegion
        {
            Name = region.Name,
            Latitude = region.Latitude,
            Longitude = region.Longitude,
            IsOut = definition.IsOut(region.Name),
            EdgeNodes =
            [
                .. region.Nodes.Select(node => new SwarmGeoDnsNode
                {
                    Node = node.Name,
                    Address = node.Address,
                    IsOut = definition.IsOut(region, node),
                    HealthyFrom = Seeing(node, true),
                    UnhealthyFrom = Seeing(node, false),
                }),
            ],
        };
    }
}
