using SwarmOps.Services.Specification;
using SwarmOps.Stacks.Model;
using SwarmOps.Stacks.Rules;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Building;

/// <summary>The definition of a stack from its merged files: only services of chosen profiles, every reference resolved.</summary>
internal sealed class StackBuilder(YamlMapping root, IReadOnlyCollection<string> profiles, BuildContext context)
{
    /// <summary>Service names in a swarm are <c>stack_service</c>.</summary>
    private const int Separator = 1;

    private const string Default = "default";

    private readonly HashSet<string> inactive = new(StringComparer.Ordinal);

    /// <summary>An overlay network of the swarm that is the network <c>default</c>; null for one of the stack's own.</summary>
    public string? DefaultNetwork { get; init; }

    public StackDefinition Build(string? name)
    {
        var objects = new ObjectBuilder(context);
        var fields = new Fields(root);
        var services = Services(fields);
        var networks = fields.Entries("networks").Where(IsUsable).Select(objects.Network).ToList();
        var volumes = fields.Entries("volumes").Where(IsUsable).Select(objects.Volume).ToList();
        AddDefault(
            networks,
            isUsed: services.Any(service => service.Networks.Any(network => network.Network == Default))
                || volumes.Any(volume => volume.Folder?.Network == Default)
        );
        var definition = new StackDefinition
        {
            Name = name,
            Services = services,
            Networks = networks,
            Volumes = volumes,
            Secrets = [.. fields.Entries("secrets").Where(IsUsable).Select(objects.Secret)],
            Configs = [.. fields.Entries("configs").Where(IsUsable).Select(objects.Config)],
            Notes = [],
        };
        CheckName(name, services);
        CheckReferences(definition);
        CheckPorts(services);
        CheckCycles(services);
        return new PartBuilder(context, name).Separate(definition);
    }

    /// <summary>The network of services that name none. One from the pipeline that nothing would use is a mistake.</summary>
    private void AddDefault(List<StackNetwork> networks, bool isUsed)
    {
        var own = networks.Find(network => network.Key == Default);
        if (own is null && isUsed)
            networks.Add(new StackNetwork(Default, DefaultNetwork, IsExternal: DefaultNetwork is not null));
        if (DefaultNetwork is not { } given || context.Problems.Any)
            return;
        var fields = new Fields(root);
        if (own is not null && !(own.IsExternal && own.Name == given))
            context.Problems.Add(
                fields.Map("networks").At(Default),
                $"The file defines the network 'default', and the overlay network '{given}' came in to be it.",
                "Remove 'default' from networks, or pass the nodes of the swarm in place of the overlay network."
            );
        else if (!isUsed && !networks.Exists(network => network.IsExternal && network.Name == given))
            context.Problems.Add(
                fields.At("services"),
                $"No service would be on the overlay network '{given}', which came in to be the network 'default': each names other networks.",
                $"Add 'default' to the networks of a service, or 'networks: {{{given}: {{external: true}}}}'; or pass the nodes of the swarm in place of the overlay network."
            );
    }

    private static bool IsUsable(YamlEntry entry) => !entry.Key.StartsWith("x-", StringComparison.Ordinal) || entry.Value is YamlMapping;

    private List<StackService> Services(Fields fields)
    {
        var entries = fields.Entries("services");
        if (entries.Count == 0)
        {
            // A file that could not be read may have them.
            if (!context.Problems.Any)
                context.Problems.Add(
                    fields.At("services"),
                    "The file has no services.",
                    "Add 'services:' with at least one service that has an image."
                );
            return [];
        }

        var built = new List<StackService>();
        var optional = new Dictionary<string, ServiceBuilder>(StringComparer.Ordinal);
        foreach (var entry in entries.Where(entry => entry.Value is YamlMapping))
        {
            if (!IsActive(new Fields((YamlMapping)entry.Value)))
            {
                inactive.Add(entry.Key);
                continue;
            }

            var builder = new ServiceBuilder(entry.Key, (YamlMapping)entry.Value, entry.At, context);
            optional[entry.Key] = builder;
            built.Add(builder.Build());
        }

        if (built.Count == 0 && inactive.Count > 0)
            context.Problems.Add(
                fields.At("services"),
                "All services have profiles, and none of these is chosen.",
                $"Choose a profile: {string.Join(", ", Profiles(entries))}."
            );
        var names = built.Select(service => service.Key).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. built.Select(service =>
                service with
                {
                    DependsOn =
                    [
                        .. service.DependsOn.Where(dependency =>
                            names.Contains(dependency.Service) || !optional[service.Key].IsOptional(dependency.Service)
                        ),
                    ],
                }
            ),
        ];
    }

    private bool IsActive(Fields service)
    {
        var own = service.Texts("profiles");
        return own.Count == 0 || profiles.Contains("*") || own.Any(profiles.Contains);
    }

    private static IEnumerable<string> Profiles(IEnumerable<YamlEntry> services) =>
        services
            .Select(entry => entry.Value)
            .OfType<YamlMapping>()
            .SelectMany(map => new Fields(map).Texts("profiles"))
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Take(10);

    private void CheckName(string? name, List<StackService> services)
    {
        if (name is null)
            return;
        foreach (var service in services.Where(service => name.Length + Separator + service.Key.Length > NameForm.LongestService))
            context.Problems.Add(
                service.At,
                $"The service would be named '{name}_{service.Key}', which has more than the {NameForm.LongestService} characters that a swarm takes.",
                "Shorten the name of the service or of the stack."
            );
    }

    private void CheckReferences(StackDefinition definition)
    {
        var services = definition.Services.ToDictionary(service => service.Key, StringComparer.Ordinal);
        foreach (var service in definition.Services)
        {
            var path = "services." + service.Key;
            foreach (var dependency in service.DependsOn)
                CheckDependency(service, dependency, services.GetValueOrDefault(dependency.Service));
            Defined(
                path,
                "networks",
                service,
                service.Networks.Select(network => network.Network).Where(key => key != Default),
                definition.Networks.Select(network => network.Key)
            );
            Defined(path, "secrets", service, service.Secrets.Select(file => file.Name), definition.Secrets.Select(secret => secret.Key));
            var configs = service.Configs.Select(file => file.Name).Concat(service.CredentialSpec?.Config is { } config ? [config] : []);
            Defined(path, "configs", service, configs, definition.Configs.Select(found => found.Key));
            var volumes = service
                .Mounts.Where(mount => mount is { Type: "volume" or "cluster", Source: not null })
                .Select(mount => mount.Source!)
                // A group of cluster volumes is defined on the swarm.
                .Where(source => !source.StartsWith("group:", StringComparison.Ordinal));
            Defined(path, "volumes", service, volumes, definition.Volumes.Select(volume => volume.Key));
        }
    }

    private void Defined(string path, string section, StackService service, IEnumerable<string> used, IEnumerable<string> known)
    {
        var names = known.ToHashSet(StringComparer.Ordinal);
        foreach (var key in used.Where(key => !names.Contains(key)).Distinct())
            context.Problems.Add(
                Position(service, section, key),
                $"{path} uses '{YamlScalar.Shown(key)}', which is not under {section} at the top level.",
                $"Add '{section}: {{{YamlScalar.Shown(key)}: ...}}' at the top level{(names.Count > 0 && names.Count < 20 ? $", or write one of: {string.Join(", ", names.Order(StringComparer.Ordinal))}" : "")}."
            );
    }

    /// <summary>Where a service names what is not defined.</summary>
    private SourcePosition Position(StackService service, string section, string key)
    {
        if (context.Problems.IsFull)
            return service.At;
        var map = new Fields(root).Map("services").Map(service.Key);
        if (map.Node(section) is YamlMapping entries && entries.Entry(key) is { } entry)
            return entry.At;
        var item = map.Items(section)
            .FirstOrDefault(node =>
                node is YamlScalar scalar
                    ? scalar.Text == key || scalar.Text.StartsWith(key + ":", StringComparison.Ordinal)
                    : node is YamlMapping inner && new Fields(inner).Text("source") == key
            );
        return item?.At
            ?? (
                map.Has(section) ? map.At(section)
                : map.Has("credential_spec") ? map.At("credential_spec")
                : service.At
            );
    }

    private void CheckDependency(StackService service, StackDependency dependency, StackService? target)
    {
        if (target is not null && dependency.Condition == StackCondition.Converged)
            return;
        var place = Position(service, "depends_on", dependency.Service);
        if (target is null)
        {
            var isInactive = inactive.Contains(dependency.Service);
            context.Problems.Add(
                place,
                $"services.{service.Key} depends on '{YamlScalar.Shown(dependency.Service)}', which {(isInactive ? "has a profile that is not chosen" : "does not exist")}.",
                isInactive ? "Choose its profile, or write 'required: false'." : "Correct the name, or remove it."
            );
        }
        else if (target.Mode is not (SwarmServiceMode.ReplicatedJob or SwarmServiceMode.GlobalJob))
            context.Problems.Add(
                place,
                $"services.{service.Key} waits until '{dependency.Service}' has completed, and that service is restarted when it ends.",
                $"Write 'deploy: {{mode: replicated-job}}' at '{dependency.Service}'."
            );
    }

    /// <summary>Ports that two services publish. Two services may publish one on hosts, if they run on different ones.</summary>
    private void CheckPorts(List<StackService> services)
    {
        var published = new Dictionary<(int, string), (StackService Service, PublishedPort Port)>();
        foreach (var service in services)
        {
            foreach (var port in service.Ports.Where(port => port.Published > 0))
            {
                if (
                    published.TryGetValue((port.Published, port.Protocol), out var first)
                    && first.Service.Key != service.Key
                    && !(first.Port.OnHost && port.OnHost)
                )
                    context.Problems.Add(
                        Position(service, "ports", port.Published.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                        $"services.{service.Key} and services.{first.Service.Key} both publish {port.Published}/{port.Protocol}.",
                        "Publish another port in one of them."
                    );
                else
                    published.TryAdd((port.Published, port.Protocol), (service, port));
            }
        }
    }

    /// <summary>Services that depend on each other: what remains after all have been removed that depend on nothing that remains.</summary>
    private void CheckCycles(List<StackService> services)
    {
        var remaining = services.ToDictionary(service => service.Key, service => service, StringComparer.Ordinal);
        var waiting = services.ToDictionary(service => service.Key, service => service.DependsOn.Count(Remains), StringComparer.Ordinal);
        var dependents = services
            .SelectMany(service => service.DependsOn.Where(Remains).Select(dependency => (dependency.Service, service.Key)))
            .ToLookup(pair => pair.Service, pair => pair.Key, StringComparer.Ordinal);
        var free = new Queue<string>(services.Select(service => service.Key).Where(key => waiting[key] == 0));
        while (free.TryDequeue(out var key))
        {
            remaining.Remove(key);
            foreach (var dependent in dependents[key].Where(dependent => --waiting[dependent] == 0))
                free.Enqueue(dependent);
        }

        if (remaining.Count == 0)
            return;
        // Each of them depends on another of them, so a walk comes to one that it has passed.
        var passed = new List<string> { services.First(service => remaining.ContainsKey(service.Key)).Key };
        var places = new HashSet<string>(passed, StringComparer.Ordinal);
        while (true)
        {
            var from = remaining[passed[^1]];
            var next = from.DependsOn.First(dependency => remaining.ContainsKey(dependency.Service)).Service;
            if (places.Add(next))
            {
                passed.Add(next);
                continue;
            }

            context.Problems.Add(
                Position(from, "depends_on", next),
                $"These services depend on each other: {YamlScalar.Shown(string.Join(" -> ", passed.SkipWhile(key => key != next).Append(next)))}.",
                "Remove one of these dependencies."
            );
            return;
        }

        bool Remains(StackDependency dependency) => remaining.ContainsKey(dependency.Service);
    }
}
