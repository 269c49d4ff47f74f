using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Services.Registry;

namespace SwarmOps.Services.Specification;

/// <summary>Parameters of the cmdlets that create and change services.</summary>
public abstract partial class ServiceDefinitionCmdlet : NodeSetChangeCmdlet
{
    /// <summary>User name and password for the image's registry; the swarm sends them to the nodes with the tasks.</summary>
    [Parameter]
    [Credential]
    public PSCredential? RegistryCredential { get; set; }

    /// <summary>A Docker config file with the credential for the image's registry, or with the name of the credential helper that has it, such as <c>~/.docker/config.json</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DockerConfigPath { get; set; }

    /// <summary>Does not look up the image's digest in the registry.</summary>
    [Parameter]
    public SwitchParameter NoResolveImage { get; set; }

    /// <summary>Does not wait for the tasks.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>How long the service may take to converge, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <summary>How long all tasks must remain stable, in seconds; by default the update policy's monitor time.</summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public int StableSeconds { get; set; }

    /// <summary>How the service is deployed.</summary>
    /// <exception cref="SwarmOpsException"><c>MountOwnerUnused</c>, <c>MountOwnerInvalid</c>, <c>MountModeInvalid</c>, <c>DockerConfigNotReadable</c>.</exception>
    private protected ServiceOptions Options() => Options(CreateMountPath);

    /// <summary>How the service is deployed, and whether missing directories of its mounts are created.</summary>
    /// <exception cref="SwarmOpsException"><c>MountOwnerUnused</c>, <c>MountOwnerInvalid</c>, <c>MountModeInvalid</c>, <c>DockerConfigNotReadable</c>.</exception>
    private protected ServiceOptions Options(bool createMountPath) =>
        !createMountPath && (Has(nameof(MountOwner)) || Has(nameof(MountMode)))
            ? throw ServiceErrors.MountOwnerUnused()
            : new()
            {
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                Stable = Has(nameof(StableSeconds)) ? TimeSpan.FromSeconds(StableSeconds) : null,
                NoWait = NoWait,
                SkipImage = NoResolveImage,
                Registry = RegistryLogin.From(RegistryCredential, DockerConfigPath is { } path ? FullPath(path) : null),
                MountPaths = createMountPath ? MountPathOptions.Create(MountOwner, MountMode) : null,
                ThrottleLimit = ThrottleLimit,
            };

    /// <summary>The request, with only the parameters that were specified.</summary>
    /// <exception cref="SwarmOpsException">A parameter is not valid.</exception>
    private protected ServiceRequest Request(string name) => new ServiceRequestReader(this, Has, FullPath).Read(name);
}
