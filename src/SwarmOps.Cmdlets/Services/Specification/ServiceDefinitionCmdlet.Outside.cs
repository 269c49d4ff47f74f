using System.Management.Automation;
using SwarmOps.Overlay;
using SwarmOps.Services.Stored;

namespace SwarmOps.Services.Specification;

/// <content>Parameters of a service: networks, ports, name resolution, mounts, secrets and configs.</content>
public abstract partial class ServiceDefinitionCmdlet
{
    /// <summary>Networks: <c>name</c>, or <c>name:alias:alias</c>.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    public string[] Network { get; set; } = [];

    /// <summary>How the service's name resolves: to a virtual IP or to the addresses of its tasks.</summary>
    [Parameter]
    public SwarmEndpointMode EndpointMode { get; set; }

    /// <summary>Ports published on the routing mesh: <c>published:target</c>, optionally with <c>/udp</c>.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] Publish { get; set; } = [];

    /// <summary>Ports published on the host of each task: <c>80</c>, or <c>published:target</c>.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] PublishHost { get; set; } = [];

    /// <summary>DNS servers.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public System.Net.IPAddress[] Dns { get; set; } = [];

    /// <summary>DNS search domains.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] DnsSearch { get; set; } = [];

    /// <summary>DNS resolver options.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] DnsOption { get; set; } = [];

    /// <summary>Lines of /etc/hosts, as <c>name:address</c>.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] HostEntry { get; set; } = [];

    /// <summary>Mounts: <c>/path/on/host:/path</c> or <c>volume:/path</c>, optionally with <c>:ro</c>.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] Mount { get; set; } = [];

    /// <summary>Tmpfs mounts: <c>/path</c>, or <c>/path:size=64m:mode=1777</c>.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] Tmpfs { get; set; } = [];

    /// <summary>Creates missing directories of bind mounts on the nodes of the node set.</summary>
    [Parameter]
    public SwitchParameter CreateMountPath { get; set; }

    /// <summary>Owner of the created directories, as numbers or names.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string MountOwner { get; set; } = "root:root";

    /// <summary>Mode of the created directories, in octal.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string MountMode { get; set; } = "0755";

    /// <summary>Secrets: <c>name</c>, <c>name:file</c>, or a table with Source, Target, Uid, Gid, Mode.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(SecretNameCompleter))]
    public object[] Secret { get; set; } = [];

    /// <summary>Configs: <c>name</c>, <c>name:/path</c>, or a table with Source, Target, Uid, Gid, Mode.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(ConfigNameCompleter))]
    public object[] Config { get; set; } = [];
}
