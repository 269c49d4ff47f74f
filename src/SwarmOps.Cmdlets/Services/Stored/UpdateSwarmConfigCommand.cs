using System.Management.Automation;
using System.Text;
using SwarmOps.Pipeline;

namespace SwarmOps.Services.Stored;

/// <summary>Gives a config new content while services use it: each is moved to the new version and seen well, and the old version goes last.</summary>
[Cmdlet(VerbsData.Update, "SwarmConfig", SupportsShouldProcess = true, DefaultParameterSetName = ByValue)]
[OutputType(typeof(SwarmConfig))]
public sealed class UpdateSwarmConfigCommand : NodeSetCmdlet
{
    private const string ByValue = "Value";
    private const string ByPath = "Path";

    /// <summary>Name of the config.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The new content; it is stored as UTF-8.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByValue)]
    [AllowEmptyString]
    [ValidateNotNull]
    public string Value { get; set; } = "";

    /// <summary>A file of this machine whose bytes are the new content.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByPath)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>How long each service may take until it runs with the new content, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <summary>For how long all tasks of a service must stay as they are, in seconds; without it its update policy's monitor time.</summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public int StableSeconds { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        StoredRules.CheckName(StoredKind.Config, Name);
        var value = ParameterSetName == ByPath
            ? SecretBytes.FromFile(StoredKind.Config, Name, SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path))
            : Encoding.UTF8.GetBytes(Value);
        var options = new ServiceOptions
        {
            Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
            Stable = MyInvocation.BoundParameters.ContainsKey(nameof(StableSeconds)) ? TimeSpan.FromSeconds(StableSeconds) : null,
            ThrottleLimit = ThrottleLimit,
        };
        return new RotateStoredOperation(context, StoredKind.Config, options).RunAsync(nodes, Name, value);
    }
}
