using System.Management.Automation;
using System.Security;
using SwarmOps.Pipeline;

namespace SwarmOps.Services.Stored;

/// <summary>Base class of the cmdlets that take a secret's value: specified, from a file, or generated and never shown.</summary>
public abstract class SecretValueCmdlet : NodeSetChangeCmdlet
{
    private protected const string ByValue = "Value";
    private protected const string ByPath = "Path";
    private protected const string ByGenerate = "Generate";

    /// <summary>Name of the secret.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SecretNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>The value.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByValue)]
    [ValidateNotNull]
    public SecureString Value { get; set; } = new();

    /// <summary>A local file whose bytes are the value, including a trailing newline.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByPath)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Generates the value with the operating system's cryptographic random number generator.</summary>
    [Parameter(ParameterSetName = ByGenerate)]
    public SwitchParameter Generate { get; set; }

    /// <summary>How many characters are generated.</summary>
    [Parameter(ParameterSetName = ByGenerate)]
    [ValidateRange(1, 4096)]
    public int Length { get; set; } = 32;

    /// <summary>The characters it consists of.</summary>
    [Parameter(ParameterSetName = ByGenerate)]
    [ValidateNotNull]
    public string Alphabet { get; set; } = SecretGenerator.LettersAndDigits;

    /// <summary>Stores the generated value with SecretManagement, under the secret's name.</summary>
    [Parameter(ParameterSetName = ByGenerate)]
    public SwitchParameter AsVault { get; set; }

    /// <summary>The vault of SecretManagement; by default the default vault.</summary>
    [Parameter(ParameterSetName = ByGenerate)]
    [ValidateNotNullOrEmpty]
    public string? Vault { get; set; }

    /// <summary>Whether the value is generated.</summary>
    private protected bool IsGenerated => ParameterSetName == ByGenerate;

    /// <summary>The vault that stores the generated value; null for none.</summary>
    private protected SecretVault? MadeInto { get; private set; }

    /// <inheritdoc/>
    private protected sealed override void ReadSession() => MadeInto = AsVault ? new SecretVault(this, Name, Vault) : null;

    /// <summary>Validates the name and the vault, and returns the value.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="StoredErrors"/>.</exception>
    private protected async Task<byte[]> ValueAsync()
    {
        StoredRules.CheckName(StoredKind.Secret, Name);
        if (MadeInto is { } vault)
            await OnPipelineThreadAsync(vault.Check).ConfigureAwait(false);
        return ParameterSetName switch
        {
            ByValue => SecretBytes.From(Value),
            ByPath => SecretBytes.FromFile(StoredKind.Secret, Name, FullPath(Path)),
            _ => SecretGenerator.Generate(Length, Alphabet),
        };
    }
}
