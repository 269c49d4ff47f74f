using System.Collections;
using System.Globalization;
using SwarmOps.Pipeline;

namespace SwarmOps.Services.Specification;

/// <summary>Builds a request from the parameters of a cmdlet that were specified.</summary>
/// <param name="given">The cmdlet.</param>
/// <param name="has">Whether a parameter was specified.</param>
/// <param name="resolve">Resolves a file's full path.</param>
internal sealed class ServiceRequestReader(ServiceDefinitionCmdlet given, Func<string, bool> has, Func<string, string> resolve)
{
    private const double NanoCpus = 1e9;

    /// <summary>Reads the parameters.</summary>
    /// <exception cref="SwarmOpsException">A parameter is not valid.</exception>
    public ServiceRequest Read(string name) =>
        new()
        {
            Name = name,
            Image = given.Image is { } image ? ImageName.Normalize(image) : null,
            Replicas = If(nameof(given.Replicas), given.Replicas),
            MaxConcurrent = If(nameof(given.MaxConcurrent), given.MaxConcurrent),
            Command = List(nameof(given.Command), given.Command),
            Arguments = List(nameof(given.ArgumentList), given.ArgumentList),
            Environment = Variables(),
            Labels = Table(nameof(given.Label), given.Label),
            ContainerLabels = Table(nameof(given.ContainerLabel), given.ContainerLabel),
            User = given.User,
            Groups = List(nameof(given.Group), given.Group),
            WorkingDirectory = given.WorkingDirectory,
            Hostname = given.Hostname,
            Networks = has(nameof(given.Network)) ? [.. given.Network.Select(ServiceRules.Network)] : null,
            EndpointMode = If(nameof(given.EndpointMode), given.EndpointMode),
            Ports =
                has(nameof(given.Publish)) || has(nameof(given.PublishHost))
                    ?
                    [
                        .. given.Publish.Select(port => PortSyntax.Parse(port, onHost: false)),
                        .. given.PublishHost.Select(port => PortSyntax.Parse(port, onHost: true)),
                    ]
                    : null,
            Mounts =
                has(nameof(given.Mount)) || has(nameof(given.Tmpfs))
                    ? [.. given.Mount.Select(MountSyntax.Parse), .. given.Tmpfs.Select(MountSyntax.ParseTmpfs)]
                    : null,
            Secrets = has(nameof(given.Secret)) ? [.. given.Secret.Select(secret => FileSyntax.Parse("secret", secret))] : null,
            Configs = has(nameof(given.Config)) ? [.. given.Config.Select(config => FileSyntax.Parse("config", config))] : null,
            Constraints = List(nameof(given.Constraint), given.Constraint),
            SpreadOver = has(nameof(given.SpreadOver)) ? [.. given.SpreadOver.Select(ServiceRules.Spread)] : null,
            MaxReplicasPerNode = If(nameof(given.MaxReplicasPerNode), given.MaxReplicasPerNode),
            LimitNanoCpu = has(nameof(given.LimitCpu)) ? (long)Math.Round(given.LimitCpu * NanoCpus) : null,
            LimitMemory = If(nameof(given.LimitMemory), given.LimitMemory),
            LimitPids = If(nameof(given.LimitPids), given.LimitPids),
            ReserveNanoCpu = has(nameof(given.ReserveCpu)) ? (long)Math.Round(given.ReserveCpu * NanoCpus) : null,
            ReserveMemory = If(nameof(given.ReserveMemory), given.ReserveMemory),
            Health = Health(name),
            Restart = Any(
                nameof(given.RestartCondition),
                nameof(given.RestartDelaySeconds),
                nameof(given.RestartMaxAttempts),
                nameof(given.RestartWindowSeconds)
            )
                ? new RestartRequest(
                    If(nameof(given.RestartCondition), given.RestartCondition),
                    Time(nameof(given.RestartDelaySeconds), given.RestartDelaySeconds),
                    If(nameof(given.RestartMaxAttempts), given.RestartMaxAttempts),
                    Time(nameof(given.RestartWindowSeconds), given.RestartWindowSeconds)
                )
                : null,
            Update = Update(),
            Rollback = Any(nameof(given.RollbackParallelism), nameof(given.RollbackOrder))
                ? new UpdatePolicyRequest(
                    If(nameof(given.RollbackParallelism), given.RollbackParallelism),
                    null,
                    null,
                    null,
                    null,
                    If(nameof(given.RollbackOrder), given.RollbackOrder)
                )
                : null,
            StopGracePeriod = Time(nameof(given.StopGraceSeconds), given.StopGraceSeconds),
            StopSignal = given.StopSignal,
            Init = If(nameof(given.Init), (bool)given.Init),
            ReadOnly = If(nameof(given.ReadOnly), (bool)given.ReadOnly),
            Tty = If(nameof(given.Tty), (bool)given.Tty),
            Dns = has(nameof(given.Dns)) ? [.. given.Dns.Select(address => address.ToString())] : null,
            DnsSearch = List(nameof(given.DnsSearch), given.DnsSearch),
            DnsOptions = List(nameof(given.DnsOption), given.DnsOption),
            Hosts = has(nameof(given.HostEntry)) ? [.. given.HostEntry.Select(ServiceRules.HostEntry)] : null,
            CapabilityAdd = has(nameof(given.CapabilityAdd))
                ? [.. given.CapabilityAdd.Select(ServiceRules.Capability).Order(StringComparer.Ordinal)]
                : null,
            CapabilityDrop = has(nameof(given.CapabilityDrop))
                ? [.. given.CapabilityDrop.Select(ServiceRules.Capability).Order(StringComparer.Ordinal)]
                : null,
            Sysctls = has(nameof(given.Sysctl)) ? NameFilters.Labels(given.Sysctl) : null,
            LogDriver = given.LogDriver,
            LogOptions = has(nameof(given.LogOption)) ? NameFilters.Labels(given.LogOption) : null,
        };

    private UpdatePolicyRequest? Update() =>
        Any(
            nameof(given.UpdateParallelism),
            nameof(given.UpdateDelaySeconds),
            nameof(given.UpdateFailureAction),
            nameof(given.UpdateMonitorSeconds),
            nameof(given.UpdateMaxFailureRatio),
            nameof(given.UpdateOrder)
        )
            ? new UpdatePolicyRequest(
                If(nameof(given.UpdateParallelism), given.UpdateParallelism),
                Time(nameof(given.UpdateDelaySeconds), given.UpdateDelaySeconds),
                If(nameof(given.UpdateFailureAction), given.UpdateFailureAction),
                Time(nameof(given.UpdateMonitorSeconds), given.UpdateMonitorSeconds),
                If(nameof(given.UpdateMaxFailureRatio), given.UpdateMaxFailureRatio),
                If(nameof(given.UpdateOrder), given.UpdateOrder)
            )
            : null;

    private HealthRequest? Health(string name)
    {
        var described = Any(
            nameof(given.HealthCommand),
            nameof(given.HealthIntervalSeconds),
            nameof(given.HealthTimeoutSeconds),
            nameof(given.HealthStartPeriodSeconds),
            nameof(given.HealthRetries)
        );
        if (given.NoHealthCheck)
            return described ? throw ServiceErrors.HealthCheckConflict(name) : new HealthRequest("", null, null, null, null);
        return described
            ? new HealthRequest(
                given.HealthCommand,
                Time(nameof(given.HealthIntervalSeconds), given.HealthIntervalSeconds),
                Time(nameof(given.HealthTimeoutSeconds), given.HealthTimeoutSeconds),
                Time(nameof(given.HealthStartPeriodSeconds), given.HealthStartPeriodSeconds),
                If(nameof(given.HealthRetries), given.HealthRetries)
            )
            : null;
    }

    private Dictionary<string, string?>? Variables()
    {
        if (!Any(nameof(given.Environment), nameof(given.EnvFile)))
            return null;
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in given.EnvFile.SelectMany(path => EnvironmentFile.Read(resolve(path))))
            variables[name] = value;
        // The order of an unordered hashtable varies; sorted by name it is always the same.
        var table = Table(nameof(given.Environment), given.Environment) ?? [];
        foreach (
            var (name, value) in given.Environment is System.Collections.Specialized.IOrderedDictionary
                ? table
                : table.OrderBy(entry => entry.Key, StringComparer.Ordinal).ToDictionary()
        )
            variables[name] = value;
        return variables;
    }

    private Dictionary<string, string?>? Table(string parameter, IDictionary table) =>
        has(parameter)
            ? table
                .Cast<DictionaryEntry>()
                .ToDictionary(
                    entry => Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "",
                    entry => Convert.ToString(entry.Value, CultureInfo.InvariantCulture)
                )
            : null;

    private bool Any(params string[] parameters) => parameters.Any(has);

    private T? If<T>(string parameter, T value)
        where T : struct => has(parameter) ? value : null;

    private TimeSpan? Time(string parameter, double seconds) => has(parameter) ? TimeSpan.FromSeconds(seconds) : null;

    private IReadOnlyList<string>? List(string parameter, string[] values) => has(parameter) ? values : null;
}
