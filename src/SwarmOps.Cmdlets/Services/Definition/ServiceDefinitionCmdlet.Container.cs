using System.Collections;
using System.Management.Automation;
using SwarmOps.Nodes;

namespace SwarmOps.Services;

/// <content>What can be said of a service: its container.</content>
public abstract partial class ServiceDefinitionCmdlet
{
    /// <summary>The image; a tag is pinned to its digest, so that every node runs the same.</summary>
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

    /// <summary>Files with environment variables, a line each; those of <c>-Environment</c> win.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] EnvFile { get; set; } = [];

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

    /// <summary>Runs an init process in the container.</summary>
    [Parameter]
    public SwitchParameter Init { get; set; }

    /// <summary>Makes the container's root read-only.</summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    /// <summary>Gives the container a terminal.</summary>
    [Parameter]
    public SwitchParameter Tty { get; set; }

    /// <summary>How long a container may take to end, in seconds.</summary>
    [Parameter]
    [ValidateRange(0.0, 86400.0)]
    public double StopGraceSeconds { get; set; }

    /// <summary>The signal that asks it to end.</summary>
    [Parameter]
    [ValidatePattern("^(SIG)?[A-Z0-9+-]+$")]
    public string? StopSignal { get; set; }

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
}
