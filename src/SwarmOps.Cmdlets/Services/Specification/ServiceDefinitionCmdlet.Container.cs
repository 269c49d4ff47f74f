using System.Collections;
using System.Management.Automation;
using SwarmOps.Nodes;

namespace SwarmOps.Services.Specification;

/// <content>Parameters of a service: its container.</content>
public abstract partial class ServiceDefinitionCmdlet
{
    /// <summary>The image; its tag is pinned to the digest, so that every node runs the same image.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string? Image { get; set; }

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

    /// <summary>Files with environment variables, one per line; <c>-Environment</c> takes precedence.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] EnvFile { get; set; } = [];

    /// <summary>Labels of the containers.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary ContainerLabel { get; set; } = new Hashtable();

    /// <summary>User, as <c>user:group</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? User { get; set; }

    /// <summary>Supplementary groups of the user.</summary>
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

    /// <summary>Runs an init process in the container.</summary>
    [Parameter]
    public SwitchParameter Init { get; set; }

    /// <summary>Makes the container's root read-only.</summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    /// <summary>Gives the container a terminal.</summary>
    [Parameter]
    public SwitchParameter Tty { get; set; }

    /// <summary>Grace period before a stopping container is killed, in seconds.</summary>
    [Parameter]
    [ValidateRange(0.0, 86400.0)]
    public double StopGraceSeconds { get; set; }

    /// <summary>The stop signal.</summary>
    [Parameter]
    [ValidatePattern("^(SIG)?[A-Z0-9+-]+$")]
    public string? StopSignal { get; set; }

    /// <summary>Capabilities to add.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] CapabilityAdd { get; set; } = [];

    /// <summary>Capabilities to drop.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] CapabilityDrop { get; set; } = [];

    /// <summary>Kernel parameters (sysctls) of the container.</summary>
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
}
