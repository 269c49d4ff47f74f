using System.Text.Json.Nodes;
using SwarmOps.Folders;
using SwarmOps.Folders.Formation;
using SwarmOps.Galera;
using SwarmOps.Galera.Formation;
using SwarmOps.GeoDns.Definition;
using SwarmOps.GeoDns.Formation;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Edge;
using SwarmOps.Services.Running;
using SwarmOps.Stacks.Model;
using SwarmOps.Stacks.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Stacks.Planning;

/// <summary>Finds out what the operations of a stack's clusters, folders and name servers would do: each is rehearsed with every question answered no.</summary>
internal sealed class PartPlanner(
    IOperationContext context,
    SwarmSession swarm,
    ServiceOptions options,
    StackNames names,
    StackState state,
    StackFindings findings
)
{
    /// <summary>A rehearsal looks; it does not wait until something has recovered.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(15);

    /// <summary>An outage, as opposed to a setting that cannot be.</summary>
    private static readonly ErrorKind[] Outages = [ErrorKind.Connection, ErrorKind.Timeout, ErrorKind.Authentication];

    private IReadOnlyList<SwarmNode> Nodes => [.. swarm.Reports.Select(report => report.Node)];

    /// <summary>The secrets that clusters of a stack create if they do not exist.</summary>
    public static IReadOnlySet<string> SecretsOf(StackDefinition stack) =>
        stack.Parts.OfType<StackGalera>().SelectMany(galera => GaleraServices.Passwords(galera.Cluster)).ToHashSet(StringComparer.Ordinal);

    /// <summary>The images that they run.</summary>
    public static IEnumerable<string> ImagesOf(StackDefinition stack) =>
        stack
            .Parts.SelectMany(part =>
                part switch
                {
                    StackGalera galera => new[] { galera.Cluster.Image, galera.Cluster.ArbitratorImage },
                    StackFolder folder => [folder.Folder.Image],
                    StackZone zone => [zone.Zone.Image],
                    _ => [],
                }
            )
            .OfType<string>();

    /// <summary>The steps in the order in which they are carried out.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<IReadOnlyList<PartStep>> PlanAsync(StackDefinition stack, IReadOnlyList<NetworkStep> networks)
    {
        var logins = new StackLogins(options.Registry, stack.Services.Select(service => service.Image).Concat(ImagesOf(stack)));
        // Rehearsals only look, so none waits for another.
        return await Task.WhenAll(
                stack.Parts.Select(part =>
                    part switch
                    {
                        StackGalera galera => GaleraAsync(galera, Network(part), logins),
                        StackFolder folder => FolderAsync(folder, Network(part), logins),
                        StackZone zone => ZoneAsync(zone, stack, logins),
                        _ => throw new InvalidOperationException(part.GetType().Name),
                    }
                )
            )
            .ConfigureAwait(false);

        NetworkStep Network(StackPart part) => networks.First(step => step.Network.Key == part.Network);
    }

    private async Task<PartStep> GaleraAsync(StackGalera galera, NetworkStep network, StackLogins logins)
    {
        var cluster = galera.Cluster with { Overlay = network.Name };
        var present = Present(GaleraNames.ClusterLabel, cluster.Name);
        CheckNetwork($"Galera cluster '{cluster.Name}'", present, network);
        var login = await logins.ForAsync(cluster.Image, context.CancellationToken).ConfigureAwait(false);
        return await StepAsync(
                galera,
                SwarmStackObjectKind.GaleraCluster,
                cluster.Name,
                present.Count == 0,
                (scope, expects, settings) =>
                    new FormGaleraOperation(
                        scope,
                        new FormGaleraRequest(Nodes, cluster) { Options = settings with { Registry = login }, ExpectsOverlay = expects }
                    ).RunAsync()
            )
            .ConfigureAwait(false);
    }

    private async Task<PartStep> FolderAsync(StackFolder given, NetworkStep network, StackLogins logins)
    {
        var folder = given.Folder with { Overlay = network.Name };
        var present = Present(FolderNames.FolderLabel, folder.Name);
        CheckNetwork($"shared folder '{folder.Name}'", present, network);
        var login = await logins.ForAsync(folder.Image, context.CancellationToken).ConfigureAwait(false);
        return await StepAsync(
                given,
                SwarmStackObjectKind.SharedFolder,
                folder.Name,
                present.Count == 0,
                (scope, expects, settings) =>
                    new FormFolderOperation(
                        scope,
                        new FormFolderRequest(Nodes, folder) { Options = settings with { Registry = login }, ExpectsOverlay = expects }
                    ).RunAsync()
            )
            .ConfigureAwait(false);
    }

    private async Task<PartStep> ZoneAsync(StackZone zone, StackDefinition stack, StackLogins logins)
    {
        var edge = names.Scoped(zone.Key);
        var login = await logins.ForAsync(zone.Zone.Image ?? "", context.CancellationToken).ConfigureAwait(false);
        var isNew = !state.Services.Any(service =>
            service.Labels.GetValueOrDefault(GeoDnsNames.ZoneLabel) == GeoDnsRules.Zone(zone.Zone.Zone)
        );
        Func<IOperationContext, bool, ServiceOptions, Task> form = (scope, _, settings) =>
            new NewGeoDnsOperation(
                scope,
                zone.Zone with
                {
                    Nodes = Nodes,
                    Service = edge,
                    Options = settings with { Registry = login },
                }
            ).RunAsync();
        // Name servers are rehearsed with the regions that the edge service has now: those of the file exist only after the services.
        var wanted = stack
            .Services.Where(service => service.Labels.GetValueOrDefault(EdgeRules.NameLabel) == edge)
            .Select(service => service.Key[(zone.Key.Length + 1)..])
            .Order(StringComparer.Ordinal);
        return EdgeFacts.Find(edge, state.Services) is { } facts && facts.Regions.SequenceEqual(wanted)
            ? await StepAsync(zone, SwarmStackObjectKind.GeoDns, zone.Zone.Zone, isNew, form).ConfigureAwait(false)
            : new PartStep(
                zone,
                SwarmStackObjectKind.GeoDns,
                zone.Zone.Zone,
                isNew,
                [$"for the regions of '{edge}', once they are deployed"],
                scope => form(scope, false, options)
            );
    }

    private async Task<PartStep> StepAsync(
        StackPart part,
        SwarmStackObjectKind kind,
        string name,
        bool isNew,
        Func<IOperationContext, bool, ServiceOptions, Task> form
    )
    {
        var rehearsal = new RelayedContext(context, answer: false);
        var errors = new List<SwarmOpsException>();
        try
        {
            await form(rehearsal, true, options with { Timeout = isNew ? options.Timeout : Glance }).ConfigureAwait(false);
        }
        catch (SwarmOpsException error)
        {
            errors.Add(error);
        }

        var step = new PartStep(part, kind, name, isNew, Lines(rehearsal), scope => form(scope, false, options));
        foreach (var error in errors.Concat(rehearsal.Errors).DistinctBy(error => error.Message))
        {
            // What exists is left to itself while a node is away: the services of the stack must still be deployable.
            if (!isNew && Outages.Contains(error.Kind))
                context.WriteWarning($"The {step.Words} could not be compared with the file as a whole: {error.Message}");
            else
                findings.Add($"the {step.Words} cannot be formed: {error.Message.TrimEnd('.')}", error.RecommendedAction);
        }

        return step;
    }

    private static IReadOnlyList<string> Lines(RelayedContext rehearsal) =>
        [
            .. rehearsal
                .Asked.Where(asked => asked.Action != FolderStart.ProofAction)
                .Select(asked => $"{asked.Target}: {asked.Action}")
                .Distinct(StringComparer.Ordinal),
        ];

    private IReadOnlyList<ServiceState> Present(string label, string name) =>
        [.. state.Services.Where(service => service.Labels.GetValueOrDefault(label) == name)];

    /// <summary>An existing one on another network would be moved there, away from whoever uses it: more likely it is somebody else's of the same name.</summary>
    private void CheckNetwork(string what, IReadOnlyList<ServiceState> present, NetworkStep network)
    {
        var known = state.Networks.ToLookup(listed => listed.ID, listed => listed.Name);
        var attached = present
            .SelectMany(service => service.Template?["Networks"] as JsonArray ?? [])
            .Select(attachment => (string?)attachment?["Target"] ?? "")
            .Select(id => known[id].FirstOrDefault() ?? id)
            .Distinct()
            .ToList();
        if (attached.Count > 0 && !attached.Contains(network.Name))
            findings.Add(
                $"the {what} exists on the network '{string.Join("', '", attached)}', and the file has '{network.Name}'",
                "Write another name under x-swarmops if it is somebody else's, or the network that it is on."
            );
    }
}
