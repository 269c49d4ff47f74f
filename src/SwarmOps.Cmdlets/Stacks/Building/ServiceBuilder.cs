using System.Globalization;
using SwarmOps.Services.Specification;
using SwarmOps.Stacks.Model;
using SwarmOps.Stacks.Rules;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Building;

/// <summary>A service of the definition from its mapping.</summary>
internal sealed class ServiceBuilder(string key, YamlMapping map, SourcePosition at, BuildContext context)
{
    private readonly string path = "services." + key;
    private readonly Fields fields = new(map);

    public StackService Build()
    {
        if (!fields.Has("image"))
            context.Problems.Add(at, $"{path} has no image.", "Add 'image: ' with an image that the nodes can pull.");
        var service = new StackService
        {
            Key = key,
            At = at,
            Image = fields.Text("image") ?? "",
            Entrypoint = Command("entrypoint"),
            Command = Command("command"),
            Environment = EnvironmentBuilder.Variables(fields, path, context),
            ContainerLabels = EnvironmentBuilder.Labels(fields, context),
            DependsOn = Dependencies(),
            Networks = Networks(),
            Ports = Ports(),
            Mounts = MountBuilder.Build(fields, path, context),
            Secrets = Files("secrets"),
            Configs = Files("configs"),
            CredentialSpec = CredentialSpec(),
            Hostname = fields.Text("hostname"),
            User = fields.Text("user"),
            Groups = fields.Texts("group_add"),
            WorkingDirectory = fields.Text("working_dir"),
            Init = fields.Flag("init"),
            ReadOnly = fields.Flag("read_only") is true,
            Tty = fields.Flag("tty") is true,
            OpenStdin = fields.Flag("stdin_open") is true,
            StopGracePeriod = fields.Duration("stop_grace_period"),
            StopSignal = fields.Text("stop_signal"),
            Isolation = fields.Text("isolation"),
            Dns = fields.Texts("dns"),
            DnsSearch = fields.Texts("dns_search"),
            DnsOptions = fields.Texts("dns_opt"),
            Hosts = Hosts(),
            Sysctls = fields.Table("sysctls"),
            Ulimits = Ulimits(),
            OomScoreAdjustment = fields.Parsed("oom_score_adj", Quantities.OomScore),
            Health = Health(),
            Logging = fields.Has("logging")
                ? new StackLogging(fields.Map("logging").Text("driver"), fields.Map("logging").Table("options"))
                : null,
        };
        service = new DeployBuilder(fields, path, context).AddTo(WithCapabilities(service));
        if (GaleraBuilder.IsGalera(fields))
            return new GaleraBuilder(map, path, context).AddTo(service);
        return new ExtensionBuilder(fields, path, context).AddTo(service);
    }

    private StackService WithCapabilities(StackService service)
    {
        var added = fields.Texts("cap_add").Select(ServiceRules.Capability).Distinct().Order(StringComparer.Ordinal).ToList();
        // What is added and dropped is added, as the docker CLI has it; ALL makes the others of its list superfluous.
        var dropped = fields
            .Texts("cap_drop")
            .Select(ServiceRules.Capability)
            .Distinct()
            .Where(name => !added.Contains(name))
            .Order(StringComparer.Ordinal)
            .ToList();
        return service with
        {
            CapabilityAdd = added.Contains("ALL") ? ["ALL"] : added,
            CapabilityDrop = dropped.Contains("ALL") ? ["ALL"] : dropped,
        };
    }

    private IReadOnlyList<string>? Command(string name) =>
        fields.Node(name) switch
        {
            YamlScalar scalar => CommandForm.Split(scalar.Text),
            YamlSequence list => [.. list.Items.OfType<YamlScalar>().Select(item => item.Text)],
            _ => null,
        };

    private IReadOnlyList<StackDependency> Dependencies() =>
        fields.Node("depends_on") switch
        {
            YamlSequence list =>
            [
                .. list.Items.OfType<YamlScalar>().Select(item => new StackDependency(item.Text, StackCondition.Converged)),
            ],
            YamlMapping entries => [.. entries.Entries.Select(entry => new StackDependency(entry.Key, Condition(entry.Value)))],
            _ => [],
        };

    private static StackCondition Condition(YamlNode node) =>
        node is YamlMapping map && new Fields(map).Text("condition") == "service_completed_successfully"
            ? StackCondition.Completed
            : StackCondition.Converged;

    /// <summary>Whether the stack may lack a service that this one depends on.</summary>
    public bool IsOptional(string service) => new Fields(fields.Map("depends_on").Node(service) as YamlMapping).Flag("required") is false;

    private IReadOnlyList<StackAttachment> Networks()
    {
        var attached = fields.Node("networks") switch
        {
            YamlSequence list => list.Items.OfType<YamlScalar>().Select(item => Attachment(item.Text, Fields.None)).ToList(),
            YamlMapping entries => entries.Entries.Select(entry => Attachment(entry.Key, new Fields(entry.Value as YamlMapping))).ToList(),
            _ => [],
        };
        return attached.Count > 0 ? attached : [Attachment("default", Fields.None)];
    }

    private static StackAttachment Attachment(string network, Fields options) =>
        new(network, options.Texts("aliases"), options.Table("driver_opts"));

    private IReadOnlyList<PublishedPort> Ports()
    {
        var ports = PortBuilder.Build(fields, path, context);
        if (
            fields.Map("deploy").Text("endpoint_mode") == "dnsrr"
            && !ExtensionBuilder.IsEdge(fields)
            && ports.FirstOrDefault(port => !port.Port.OnHost) is { Port: not null } ingress
        )
            context.Problems.Add(
                ingress.At,
                $"{path} publishes {ingress.Port.Target}/{ingress.Port.Protocol} on the routing mesh, which needs a virtual IP address, and has endpoint_mode dnsrr.",
                "Write the port with 'mode: host', or remove endpoint_mode."
            );
        return [.. ports.Select(port => port.Port)];
    }

    private IReadOnlyList<FileReference> Files(string kind)
    {
        var files = new List<FileReference>();
        var targets = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in fields.Items(kind))
        {
            if (Reference(item, kind) is not { } file)
                continue;
            if (targets.Add(file.Target))
                files.Add(file);
            else
                context.Problems.Add(
                    item.At,
                    $"{path}.{kind} has two files '{YamlScalar.Shown(file.Target)}'.",
                    "Give one of them another target."
                );
        }

        return files;
    }

    private FileReference? Reference(YamlNode item, string kind)
    {
        if (item is YamlScalar scalar)
            return new FileReference(scalar.Text, scalar.Text, "0", "0", OctalMode.ReadableByAll);
        var file = new Fields((YamlMapping)item);
        if (!file.Has("source"))
            context.Problems.Add(
                item.At,
                $"{path}.{kind} has an entry without a source.",
                $"Add 'source: ' with a key of the top level's {kind}."
            );
        return file.Text("source") is { } source
            ? new FileReference(
                source,
                file.Text("target") ?? source,
                file.Text("uid") ?? "0",
                file.Text("gid") ?? "0",
                file.Scalar("mode") is { } mode ? Forms.Mode(mode) : OctalMode.ReadableByAll
            )
            : null;
    }

    private StackCredentialSpec? CredentialSpec()
    {
        if (!fields.Has("credential_spec"))
            return null;
        var spec = fields.Map("credential_spec");
        string[] keys = ["config", "file", "registry"];
        if (keys.Count(spec.Has) != 1)
            context.Problems.Add(
                fields.At("credential_spec"),
                $"{path}.credential_spec needs exactly one of config, file and registry.",
                "Keep one of them."
            );
        return new StackCredentialSpec(spec.Text("config"), spec.Text("file"), spec.Text("registry"));
    }

    private IReadOnlyList<string> Hosts() =>
        fields.Node("extra_hosts") switch
        {
            YamlSequence list => [.. list.Items.OfType<YamlScalar>().Select(item => Forms.Host(item.Text)).Select(Line)],
            YamlMapping entries =>
            [
                .. entries.Entries.SelectMany(entry =>
                    new Fields(entries).Texts(entry.Key).Select(address => Line((entry.Key, Forms.HostTarget(address))))
                ),
            ],
            _ => [],
        };

    private static string Line((string Name, string Address) host) => $"{host.Address} {host.Name}";

    private IReadOnlyList<StackUlimit> Ulimits()
    {
        var limits = new List<StackUlimit>();
        foreach (var entry in fields.Entries("ulimits"))
        {
            var both = entry.Value is YamlScalar scalar ? Quantities.Limit(scalar.Text) : (long?)null;
            var inner = new Fields(entry.Value as YamlMapping);
            if (
                (both ?? inner.Parsed("soft", Quantities.Limit)) is not { } soft
                || (both ?? inner.Parsed("hard", Quantities.Limit)) is not { } hard
            )
                continue;
            if (hard >= 0 && (soft < 0 || soft > hard))
                context.Problems.Add(
                    entry.At,
                    $"{path}.ulimits.{entry.Key} has a soft limit above the hard one.",
                    "Raise the hard limit, or lower the soft one."
                );
            else
                limits.Add(new StackUlimit(entry.Key, soft, hard));
        }

        return [.. limits.OrderBy(limit => limit.Name, StringComparer.Ordinal)];
    }

    private StackHealthCheck? Health()
    {
        if (!fields.Has("healthcheck"))
            return null;
        var health = fields.Map("healthcheck");
        var isDisabled = health.Flag("disable") is true;
        if (isDisabled && health.Has("test"))
            context.Problems.Add(
                health.At("disable"),
                $"{path}.healthcheck has a test and disables the health check.",
                "Remove 'disable' or 'test'."
            );
        return new StackHealthCheck(isDisabled ? ["NONE"] : Test(health))
        {
            Interval = health.Duration("interval"),
            Timeout = health.Duration("timeout"),
            StartPeriod = health.Duration("start_period"),
            StartInterval = health.Duration("start_interval"),
            Retries = health.Count("retries"),
        };
    }

    private IReadOnlyList<string> Test(Fields health)
    {
        var test = health.Texts("test");
        if (health.Node("test") is YamlScalar scalar)
            return scalar.Text.Length == 0 ? [] : ["CMD-SHELL", scalar.Text];
        if (health.Node("test") is not YamlSequence list || test.Count == 0)
            return [];
        var isComplete = test[0] switch
        {
            "NONE" => test.Count == 1,
            "CMD-SHELL" => test.Count == 2,
            "CMD" => test.Count > 1,
            _ => false,
        };
        if (!isComplete && list.Items.All(item => item is YamlScalar))
            context.Problems.Add(
                list.At,
                $"{path}.healthcheck.test begins with '{YamlScalar.Shown(test[0])}' and has {test.Count.ToString(CultureInfo.InvariantCulture)} items.",
                "Write [\"CMD\", \"program\", \"argument\"], [\"CMD-SHELL\", \"command line\"] or [\"NONE\"]."
            );
        return test;
    }
}
