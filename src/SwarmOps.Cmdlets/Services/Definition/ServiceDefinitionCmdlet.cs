using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Services.Registry;
using SwarmOps.Services.Specification;

namespace SwarmOps.Services;

/// <summary>What can be said of a service, for the cmdlets that make and change one.</summary>
public abstract partial class ServiceDefinitionCmdlet : NodeSetChangeCmdlet
{
    /// <summary>User name and password for the image's registry; the nodes get them with their tasks.</summary>
    [Parameter]
    [Credential]
    public PSCredential? RegistryCredential { get; set; }

    /// <summary>A Docker config file with the credential for the image's registry, or with the name of the credential helper that has it, such as <c>~/.docker/config.json</c>.</summary>
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
    /// <exception cref="SwarmOpsException"><c>MountOwnerUnused</c>, <c>MountOwnerInvalid</c>, <c>MountModeInvalid</c>, <c>DockerConfigNotReadable</c>.</exception>
    private protected ServiceOptions Options() => Options(CreateMountPath);

    /// <summary>How the service is put in place, and whether the directories of its mounts are made.</summary>
    /// <exception cref="SwarmOpsException"><c>MountOwnerUnused</c>, <c>MountOwnerInvalid</c>, <c>MountModeInvalid</c>, <c>DockerConfigNotReadable</c>.</exception>
    private protected ServiceOptions Options(bool createMountPath) => !createMountPath && (Has(nameof(MountOwner)) || Has(nameof(MountMode))) ? throw ServiceErrors.MountOwnerUnused() : new()
    {
        Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
        Stable = Has(nameof(StableSeconds)) ? TimeSpan.FromSeconds(StableSeconds) : null,
        NoWait = NoWait,
        SkipImage = NoResolveImage,
        Registry = RegistryLogin.From(RegistryCredential, DockerConfigPath is { } path ? Resolve(path) : null),
        MountPaths = createMountPath ? MountPathOptions.Create(MountOwner, MountMode) : null,
        ThrottleLimit = ThrottleLimit,
    };

    /// <summary>What is asked for, as far as it was said.</summary>
    /// <exception cref="SwarmOpsException">What cannot be read.</exception>
    private protected ServiceRequest Request(string name) => new ServiceRequestReader(this, Has, Resolve).Read(name);
}
