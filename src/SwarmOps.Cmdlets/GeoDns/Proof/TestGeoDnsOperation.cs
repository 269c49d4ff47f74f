using SwarmOps.GeoDns.Definition;
using SwarmOps.GeoDns.Running;
using SwarmOps.GeoDns.State;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.GeoDns.Proof;

/// <summary>Asks every name server of a zone over UDP and TCP for clients everywhere, and compares the answers with what the server itself sees.</summary>
internal sealed class TestGeoDnsOperation(IOperationContext context, TestGeoDnsRequest request)
{
    /// <summary>Whether a question is asked over TCP: once each.</summary>
    private static readonly bool[] Protocols = [false, true];

    /// <summary>Runs the operation and writes each question, or with IsQuiet whether all passed.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="GeoDnsErrors"/> and the transport.</exception>
    public async Task RunAsync()
    {
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.ThrottleLimit, ServiceReader.Patience)
            .ConfigureAwait(false);
        var zones = await GeoDnsZones.ReadAsync(swarm).ConfigureAwait(false);
        var probes = new List<SwarmGeoDnsProbe>();
        var chosen = request
            .Zones.Choose(context, zones.Names, zone => zone, zone => GeoDnsErrors.GeoDnsNotFound(zone, swarm.SwarmId))
            .ToList();
        foreach (var zone in chosen)
            probes.AddRange(await TestAsync(swarm, zones.Require(zone)).ConfigureAwait(false));
        if (request.IsQuiet)
            context.WriteObject(probes.Count > 0 && probes.All(probe => probe.Result == FindingResult.Pass));
        else
            probes.ForEach(context.WriteObject);
    }

    private async Task<IReadOnlyList<SwarmGeoDnsProbe>> TestAsync(SwarmSession swarm, GeoDnsDefinition definition)
    {
        var health = await new HealthReader(swarm, request.ThrottleLimit).ReadAsync(definition).ConfigureAwait(false);
        var questions = new ServerQuestions(definition, context.CancellationToken);
        var clients = ProbeClient.Of(definition, request.Clients);
        var all =
            from server in definition.Servers
            from isTcp in Protocols
            from client in clients
            select (Server: server, IsTcp: isTcp, Client: client);
        return await Throttle
            .ForEachAsync(
                all,
                request.ThrottleLimit,
                async question =>
                {
                    var (server, isTcp, client) = question;
                    var answer = await questions.AnswerAsync(server, client.Network, isTcp).ConfigureAwait(false);
                    return ProbeJudgement.Of(definition, server, isTcp, client, answer, health[server.NodeId].Health);
                },
                context.CancellationToken
            )
            .ConfigureAwait(false);
    }
}
