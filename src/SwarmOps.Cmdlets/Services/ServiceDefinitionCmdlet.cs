using System.Collections;
using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Services.Specification;

namespace SwarmOps.Services;

/// <summary>What can be said of a service, for the cmdlets that make and change one.</summary>
public abstract class ServiceDefinitionCmdlet : NodeSetCmdlet
{
    /// <summary>The image; a tag is pinned to its digest, so that every node runs the same.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Image { get; set; }

    /// <summary>How many tasks; of a job, how many must complete.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public long Replicas { get; set; }

    /// <summary>Of a replicated job, how many tasks run at the same time.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public long MaxConcurrent { get; set; }

    /// <summary>Replaces the image's entry point.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] Command { get; set; } = [];

    /// <summary>Arguments of the entry point.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [AllowEmptyString]
    [Alias("Args")]
    public string[] ArgumentList { get; set; } = [];

    /// <summary>Environment variables.</summary>
    [Parameter]
    [ValidateNotNull]
    [Alias("Env")]
    public IDictionary Environment { get; set; } = new Hashtable();

    /// <summary>Files with environment variables, a line each; those of <c>-Environment</c> win.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] EnvFile { get; set; } = [];

    /// <summary>Labels of the service.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Label { get; set; } = new Hashtable();

    /// <summary>Labels of its containers.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary ContainerLabel { get; set; } = new Hashtable();

    /// <summary>User, as <c>user:group</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? User { get; set; }

    /// <summary>Further groups of the user.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] Group { get; set; } = [];

    /// <summary>Working directory.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>Host name in the container; templates such as <c>{{.Node.Hostname}}</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Hostname { get; set; }

    /// <summary>Networks: <c>name</c>, or <c>name:alias:alias</c>.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] Network { get; set; } = [];

    /// <summary>How the service is found by its name.</summary>
    [Parameter]
    public SwarmEndpointMode EndpointMode { get; set; }

    /// <summary>Ports on the routing mesh: <c>published:target</c>, with <c>/udp</c>.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] Publish { get; set; } = [];

    /// <summary>Ports on the host of each task: <c>80</c>, or <c>published:target</c>.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] PublishHost { get; set; } = [];

    /// <summary>Mounts: <c>/path/on/host:/path</c> or <c>volume:/path</c>, with <c>:ro</c>.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] Mount { get; set; } = [];

    /// <summary>Mounts in memory: <c>/path</c>, or <c>/path:size=64m:mode=1777</c>.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] Tmpfs { get; set; } = [];

    /// <summary>Makes missing directories of bind mounts on the nodes of the set.</summary>
    [Parameter]
    public SwitchParameter CreateMountPath { get; set; }

    /// <summary>Owner of directories that are made, as numbers or names.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string MountOwner { get; set; } = "root:root";

    /// <summary>Mode of directories that are made, octal.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string MountMode { get; set; } = "0755";

    /// <summary>Secrets: <c>name</c>, <c>name:file</c>, or a table with Source, Target, Uid, Gid, Mode.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public object[] Secret { get; set; } = [];

    /// <summary>Configs: <c>name</c>, <c>name:/path</c>, or a table with Source, Target, Uid, Gid, Mode.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public object[] Config { get; set; } = [];

    /// <summary>Placement constraints, such as <c>node.labels.region==eu-central-1</c>.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] Constraint { get; set; } = [];

    /// <summary>Node labels over whose values the tasks are spread, such as <c>region</c>.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] SpreadOver { get; set; } = [];

    /// <summary>The most tasks on one node; 0 for no limit.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public long MaxReplicasPerNode { get; set; }

    /// <summary>The most processors a task may use, such as 0.5.</summary>
    [Parameter]
    [ValidateRange(0.0, 1024.0)]
    public double LimitCpu { get; set; }

    /// <summary>The most memory a task may use, in bytes.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long LimitMemory { get; set; }

    /// <summary>The most processes of a task.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public long LimitPids { get; set; }

    /// <summary>Processors that a node must have free for a task.</summary>
    [Parameter]
    [ValidateRange(0.0, 1024.0)]
    public double ReserveCpu { get; set; }

    /// <summary>Memory that a node must have free for a task, in bytes.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long ReserveMemory { get; set; }

    /// <summary>Health check: a command for the container's shell.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? HealthCommand { get; set; }

    /// <summary>Time between two health checks, in seconds.</summary>
    [Parameter]
    [ValidateRange(0.001, 86400.0)]
    public double HealthIntervalSeconds { get; set; }

    /// <summary>How long a health check may take, in seconds.</summary>
    [Parameter]
    [ValidateRange(0.001, 86400.0)]
    public double HealthTimeoutSeconds { get; set; }

    /// <summary>For how long after the start a failed health check does not count, in seconds.</summary>
    [Parameter]
    [ValidateRange(0.0, 86400.0)]
    public double HealthStartPeriodSeconds { get; set; }

    /// <summary>How many failed checks in a row make a task unhealthy.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int HealthRetries { get; set; }

    /// <summary>Switches the image's own health check off.</summary>
    [Parameter]
    public SwitchParameter NoHealthCheck { get; set; }

    /// <summary>When a task that ended is started again.</summary>
    [Parameter]
    public SwarmRestartCondition RestartCondition { get; set; }

    /// <summary>Time before a restart, in seconds.</summary>
    [Parameter]
    [ValidateRange(0.0, 86400.0)]
    public double RestartDelaySeconds { get; set; }

    /// <summary>How often a task is started again; 0 for always.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public long RestartMaxAttempts { get; set; }

    /// <summary>Time within which attempts are counted, in seconds.</summary>
    [Parameter]
    [ValidateRange(0.0, 86400.0)]
    public double RestartWindowSeconds { get; set; }

    /// <summary>How many tasks are updated at the same time; 0 for all.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public long UpdateParallelism { get; set; }

    /// <summary>Time between two updated tasks, in seconds.</summary>
    [Parameter]
    [ValidateRange(0.0, 86400.0)]
    public double UpdateDelaySeconds { get; set; }

    /// <summary>How long an updated task is watched, in seconds.</summary>
    [Parameter]
    [ValidateRange(0.0, 86400.0)]
    public double UpdateMonitorSeconds { get; set; }

    /// <summary>What happens when an updated task fails.</summary>
    [Parameter]
    public SwarmUpdateFailureAction UpdateFailureAction { get; set; }

    /// <summary>The part of the tasks that may fail, 0 to 1.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double UpdateMaxFailureRatio { get; set; }

    /// <summary>Whether the old task ends before the new one starts.</summary>
    [Parameter]
    public SwarmUpdateOrder UpdateOrder { get; set; }

    /// <summary>How many tasks go back at the same time; 0 for all.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public long RollbackParallelism { get; set; }

    /// <summary>Whether the new task ends before the old one starts, going back.</summary>
    [Parameter]
    public SwarmUpdateOrder RollbackOrder { get; set; }

    /// <summary>How long a container may take to end, in seconds.</summary>
    [Parameter]
    [ValidateRange(0.0, 86400.0)]
    public double StopGraceSeconds { get; set; }

    /// <summary>The signal that asks it to end.</summary>
    [Parameter]
    [ValidatePattern("^(SIG)?[A-Z0-9+-]+$")]
    public string? StopSignal { get; set; }

    /// <summary>Runs an init process in the container.</summary>
    [Parameter]
    public SwitchParameter Init { get; set; }

    /// <summary>Makes the container's root read-only.</summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    /// <summary>Gives the container a terminal.</summary>
    [Parameter]
    public SwitchParameter Tty { get; set; }

    /// <summary>Name servers.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public System.Net.IPAddress[] Dns { get; set; } = [];

    /// <summary>Search domains.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] DnsSearch { get; set; } = [];

    /// <summary>Options of the resolver.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] DnsOption { get; set; } = [];

    /// <summary>Lines of /etc/hosts, as <c>name:address</c>.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] HostEntry { get; set; } = [];

    /// <summary>Capabilities that the container gets.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] CapabilityAdd { get; set; } = [];

    /// <summary>Capabilities that it does not get.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] CapabilityDrop { get; set; } = [];

    /// <summary>Kernel settings of the container.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Sysctl { get; set; } = new Hashtable();

    /// <summary>Log driver.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogDriver { get; set; }

    /// <summary>Options of the log driver.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary LogOption { get; set; } = new Hashtable();

    /// <summary>User name and password for the image's registry; the nodes get them with their tasks.</summary>
    [Parameter]
    [Credential]
    public PSCredential? RegistryCredential { get; set; }

    /// <summary>A Docker config file with the credential for the image's registry, such as <c>~/.docker/config.json</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DockerConfigPath { get; set; }

    /// <summary>Does not ask the registry for the image's digest.</summary>
    [Parameter]
    public SwitchParameter NoResolveImage { get; set; }

    /// <summary>Does not wait for the tasks.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>How long the service may take until it runs, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <summary>For how long all tasks must stay as they are, in seconds; without it the update policy's monitor time.</summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public int StableSeconds { get; set; }

    /// <summary>Whether a parameter was given.</summary>
    private protected bool Has(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>A path of this machine.</summary>
    private protected string Resolve(string path) => SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);

    /// <summary>How the service is put in place.</summary>
    /// <exception cref="SwarmOpsException"><c>MountOwnerInvalid</c>, <c>MountModeInvalid</c>, <c>DockerConfigNotReadable</c>, <c>DockerConfigHasNoCredential</c>.</exception>
    private protected ServiceOptions Options() => new()
    {
        Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
        Stable = Has(nameof(StableSeconds)) ? TimeSpan.FromSeconds(StableSeconds) : null,
        NoWait = NoWait,
        SkipImage = NoResolveImage,
        RegistryAuth = RegistryCredential is { } credential ? RegistryAuth.From(credential, Image ?? "")
            : DockerConfigPath is { } path ? RegistryAuth.FromFile(Resolve(path), Image ?? "") : null,
        MountPaths = CreateMountPath ? MountPathOptions.Create(MountOwner, MountMode) : null,
        ThrottleLimit = ThrottleLimit,
    };

    /// <summary>What is asked for, as far as it was said.</summary>
    /// <exception cref="SwarmOpsException">What cannot be read.</exception>
    private protected ServiceRequest Request(string name) => new ServiceRequestReader(this, Has, Resolve).Read(name);
}
