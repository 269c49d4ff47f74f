using System.Management.Automation;
using System.Text;
using SwarmOps.Pipeline;

namespace SwarmOps.Services.Stored;

/// <summary>Base class of the cmdlets that take a config's content.</summary>
public abstract class ConfigValueCmdlet : NodeSetChangeCmdlet
{
    private protected const string ByValue = "Value";
    private protected const string ByPath = "Path";

    /// <summary>Name of the config.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ConfigNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>The content; it is stored as UTF-8.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByValue)]
    [AllowEmptyString]
    [ValidateNotNull]
    public string Value { get; set; } = "";

    /// <summary>A local file whose bytes are the content.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByPath)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Validates the name and returns the content.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="StoredErrors"/>.</exception>
    private protected byte[] Content()
    {
        StoredRules.CheckName(StoredKind.Config, Name);
        return ParameterSetName == ByPath ? SecretBytes.FromFile(StoredKind.Config, Name, FullPath(Path)) : Encoding.UTF8.GetBytes(Value);
    }
}
