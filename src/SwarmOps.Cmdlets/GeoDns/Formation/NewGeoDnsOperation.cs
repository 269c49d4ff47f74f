using System.Net;
using SwarmOps.GeoDns.Definition;
using SwarmOps.GeoDns.Location;
using SwarmOps.GeoDns.Running;
using SwarmOps.GeoDns.State;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services.Edge;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.GeoDns.Formation;

/// <summary>Creates the name servers of a zone, or brings them up to date, and verifies each by its own answers.</summary>
internal sealed class NewGeoDnsOperation(IOperationContext context, NewGeoDnsRequest request)
{
    /// <summary>Runs the operation and writes the zone to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="GeoDnsErrors"/>, of services and the transport.</exception>
    public async Task RunAsync()
    {
        GeoDnsRules.Check(request);
        var database = request.DatabasePath is { } path
            ? await GeoDatabaseFile.ReadAsync(path, context.CancellationToken).ConfigureAwait(false)
            : null;
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.Options.ThrottleLimit, request.Options.Patience)
            .ConfigureAwait(false);
        var zones = await GeoDnsZones.ReadAsync(swarm).ConfigureAwait(false);
        var zone = GeoDnsRules.Zone(request.Zone);
        var present = zones.DefinitionOf(zone);
        if (zones.ServicesOf(zone).Count == 0 && request.Image is null)
            throw GeoDnsErrors.GeoDnsImageMissing(zone);
        var service = request.Service ?? present?.Service ?? throw GeoDnsErrors.GeoDnsServiceMissing(zone);
        var edge =
            EdgeFacts.Find(service, zones.AllServices)
            ?? throw GeoDnsErrors.GeoDnsEdgeNotFound(service, EdgeFacts.Names(zones.AllServices));
        var members = EdgeMember.Of(swarm, (id, name) => present?.AddressOf(id, name));
        var wanted = new GeoDnsPlan(request, present, members).Make(edge, database, DateTime.UtcNow);
        wanted = await PlaceAsync(swarm, zones, wanted).ConfigureAwait(false);
        Warn(wanted);
        var deployment = new GeoDnsDeployment(
            context,
            swarm,
            zones,
            request.Options with
            {
                MountPaths = MountPathOptions.Create("root", "0755"),
            }
        )
        {
            Image = request.Image,
            Database = database,
        };
        if (!await deployment.RunAsync(wanted).ConfigureAwait(false))
            return;
        foreach (var failure in deployment.Failures)
            context.WriteError(failure);
        // A server whose node is away is known to be missing; one that should answer and does not was not verified.
        if (deployment.Failures.All(failure => failure.ErrorId == nameof(GeoDnsErrors.GeoDnsServerNotReady)))
            context.WriteObject(await new GeoDnsReader(swarm, request.Options.ThrottleLimit).ReadAsync(wanted).ConfigureAwait(false));
    }

    /// <summary>Finds the own address of each new name server, and what is in its way there.</summary>
    private async Task<GeoDnsDefinition> PlaceAsync(SwarmSession swarm, GeoDnsZones zones, GeoDnsDefinition wanted)
    {
        foreach (var other in zones.Names.Where(name => name != wanted.Zone))
            if (zones.DefinitionOf(other) is { } foreign)
                foreach (var server in wanted.Servers.Where(server => foreign.Servers.Any(taken => taken.NodeId == server.NodeId)))
                    throw GeoDnsErrors.GeoDnsNodeTaken(server.Node, other);
        var running = await RunningAsync(swarm, zones.ServicesOf(wanted.Zone)).ConfigureAwait(false);
        var placed = await Throttle
            .ForEachAsync(
                wanted.Servers,
                request.Options.ThrottleLimit,
                server =>
                    server.Listen.Length > 0 && (running.Contains(server.NodeId) || swarm.Observation(server.NodeId) is null)
                        ? Task.FromResult(server)
                        : LookAsync(swarm, wanted, server),
                context.CancellationToken
            )
            .ConfigureAwait(false);
        return wanted.Servers.SequenceEqual(placed)
            ? wanted
            : GeoDnsPlan.Numbered(wanted with { Servers = placed }, zones.DefinitionOf(wanted.Zone), DateTime.UtcNow);
    }

    private async Task<GeoDnsHost> LookAsync(SwarmSession swarm, GeoDnsDefinition wanted, GeoDnsHost server)
    {
        var node =
            swarm.Nodes.FirstOrDefault(node => node.NodeId == server.NodeId)
            ?? throw GeoDnsErrors.GeoDnsNodeNotUsable(
                server.Node,
                "it is not in the node set or did not answer, so port 53 could not be checked"
            );
        var far = wanted.Servers.First(other => other.NodeId != server.NodeId).Address;
        var port = await HostPort.LookAsync(context, node, far).ConfigureAwait(false);
        var own = node.PrivateAddress ?? port.Own;
        if (own is null || !Ipv4Subnet.TryParseAddress(own, out var address))
            throw GeoDnsErrors.GeoDnsListenUnknown(
                server.Node,
                own is null ? $"it has no route to {far}" : $"'{own}' is not an IPv4 address"
            );
        return port.InTheWayOf(address) is { } holder
            ? throw GeoDnsErrors.GeoDnsPortTaken(server.Node, address.ToString(), holder)
            : server with
            {
                Listen = address.ToString(),
            };
    }

    /// <summary>The nodes on which a name server of the zone runs: port 53 there is its own.</summary>
    private static async Task<IReadOnlySet<string>> RunningAsync(SwarmSession swarm, IReadOnlyList<ServiceState> services)
    {
        if (services.Count == 0)
            return new HashSet<string>();
        var tasks = await ServiceReader.TasksAsync(swarm, [.. services.Select(service => service.Id)]).ConfigureAwait(false);
        return tasks
            .Where(task => task.ContainerId is not null && !task.IsOver)
            .Select(task => task.NodeId)
            .ToHashSet(StringComparer.Ordinal);
    }

    private void Warn(GeoDnsDefinition wanted)
    {
        foreach (var node in wanted.EdgeNodes.Where(node => NodeAddress.IsPrivate(IPAddress.Parse(node.Address))))
            context.WriteWarning(
                $"'{node.Name}' is answered with {node.Address}, a private address that clients on the internet cannot reach. Specify its public one: New-SwarmNode -PublicAddress."
            );
        if (wanted.Networks.Count == 0 && wanted.Database is null)
            context.WriteWarning(
                $"Clients are not located: all are sent to '{wanted.Regions[0].Name}' while it is healthy. Specify -GeoDatabasePath or -NetworkMap."
            );
    }
}
