using System.Collections;
using System.Globalization;
using System.Management.Automation;
using SwarmOps.Galera.Formation;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services.Registry;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Galera.Restart;

/// <summary>Restarts a Galera cluster's nodes one at a time, optionally with a new image or other server options.</summary>
[Cmdlet(VerbsCommon.Step, "GaleraRestart", SupportsShouldProcess = true)]
[OutputType(typeof(GaleraCluster))]
public sealed class StepGaleraRestartCommand : NodeSetChangeCmdlet
{
    /// <summary>Name of the cluster.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GaleraClusterNameCompleter))]
    public string Name { get; set; } = "galera";

    /// <summary>Region or host that applications write to; it is restarted last.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MemberPlaceCompleter))]
    public string? Last { get; set; }

    /// <summary>The new image.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string? Image { get; set; }

    /// <summary>User name and password for the new image's registry; the swarm sends them to the nodes with the tasks.</summary>
    [Parameter]
    [Credential]
    public PSCredential? RegistryCredential { get; set; }

    /// <summary>A Docker config file with the credential for the new image's registry, or with the name of the credential helper that has it, such as <c>~/.docker/config.json</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DockerConfigPath { get; set; }

    /// <summary>Does not look up the new image's digest in the registry.</summary>
    [Parameter]
    public SwitchParameter NoResolveImage { get; set; }

    /// <summary>Server options to set; <c>$null</c> removes one.</summary>
    [Parameter]
    [Alias("Option")]
    [ValidateNotNull]
    public IDictionary MariaDbOption { get; set; } = new Hashtable();

    /// <summary>A database account for querying the servers, if root's password differs from the cluster's secret.</summary>
    [Parameter]
    [Credential]
    public PSCredential? RootCredential { get; set; }

    /// <summary>How long each node may take to become Synced, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 600;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        var options = MariaDbOption
            .Cast<DictionaryEntry>()
            .ToDictionary(
                entry => Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "",
                entry => entry.Value is null ? null : Convert.ToString(entry.Value, CultureInfo.InvariantCulture)
            );
        foreach (var option in options.Keys)
            GaleraRules.CheckOption(option);
        var change = new RestartChange(Image is null ? null : ImageName.Normalize(Image), options)
        {
            Registry = RegistryLogin.From(RegistryCredential, DockerConfigPath is { } path ? FullPath(path) : null),
            SkipImage = NoResolveImage,
        };
        return new RestartGaleraOperation(
            context,
            new RestartGaleraRequest(nodes, Name, change)
            {
                Last = Last,
                Login = RootCredential?.GetNetworkCredential(),
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
    }
}
