using System.Collections;
using System.Management.Automation;
using System.Text;
using SwarmOps.Pipeline;

namespace SwarmOps.Services.Stored;

/// <summary>Gives the swarm a config: a file that services see.</summary>
[Cmdlet(VerbsCommon.New, "SwarmConfig", SupportsShouldProcess = true, DefaultParameterSetName = ByValue)]
[OutputType(typeof(SwarmConfig))]
public sealed class NewSwarmConfigCommand : NodeSetCmdlet
{
    private const string ByValue = "Value";
    private const string ByPath = "Path";

    /// <summary>Name of the config.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The content; it is stored as UTF-8.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByValue)]
    [AllowEmptyString]
    [ValidateNotNull]
    public string Value { get; set; } = "";

    /// <summary>A file of this machine whose bytes are the content.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByPath)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Labels of the config.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Label { get; set; } = new Hashtable();

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        StoredRules.CheckName(StoredKind.Config, Name);
        var value = ParameterSetName == ByPath
            ? SecretBytes.FromFile(StoredKind.Config, Name, SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path))
            : Encoding.UTF8.GetBytes(Value);
        return new CreateStoredOperation(context, StoredKind.Config, ThrottleLimit).RunAsync(nodes, Name, NameFilters.Labels(Label), value);
    }
}
