using System.Collections;
using System.Management.Automation;
using System.Security;
using SwarmOps.Pipeline;

namespace SwarmOps.Services.Stored;

/// <summary>Gives the swarm a secret: a value, a file, or one that is made and never shown.</summary>
[Cmdlet(VerbsCommon.New, "SwarmSecret", SupportsShouldProcess = true, DefaultParameterSetName = ByGenerate)]
[OutputType(typeof(SwarmSecret))]
public sealed class NewSwarmSecretCommand : NodeSetCmdlet
{
    private const string ByValue = "Value";
    private const string ByPath = "Path";
    private const string ByGenerate = "Generate";

    /// <summary>Name of the secret.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The value.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByValue)]
    [ValidateNotNull]
    public SecureString Value { get; set; } = new();

    /// <summary>A file of this machine whose bytes are the value, a newline at the end included.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByPath)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Makes the value from the operating system's cryptographic source.</summary>
    [Parameter(ParameterSetName = ByGenerate)]
    public SwitchParameter Generate { get; set; }

    /// <summary>How many characters are made.</summary>
    [Parameter(ParameterSetName = ByGenerate)]
    [ValidateRange(1, 4096)]
    public int Length { get; set; } = 32;

    /// <summary>The characters it is made of.</summary>
    [Parameter(ParameterSetName = ByGenerate)]
    [ValidateNotNull]
    public string Alphabet { get; set; } = SecretGenerator.LettersAndDigits;

    /// <summary>Hands the value that is made to SecretManagement, under the secret's name; a value that is there already is taken.</summary>
    [Parameter(ParameterSetName = ByGenerate)]
    public SwitchParameter AsVault { get; set; }

    /// <summary>The vault of SecretManagement; without it the default one.</summary>
    [Parameter(ParameterSetName = ByGenerate)]
    [ValidateNotNullOrEmpty]
    public string? Vault { get; set; }

    /// <summary>Labels of the secret.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Label { get; set; } = new Hashtable();

    private SecretVault? vault;

    /// <inheritdoc/>
    private protected override void ReadSession() => vault = AsVault ? new SecretVault(this, Name, Vault) : null;

    /// <inheritdoc/>
    private protected override async Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        StoredRules.CheckName(StoredKind.Secret, Name);
        if (vault is not null)
            await OnPipelineThreadAsync(vault.Check).ConfigureAwait(false);
        var value = ParameterSetName switch
        {
            ByValue => SecretBytes.From(Value),
            ByPath => SecretBytes.FromFile(StoredKind.Secret, Name, SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path)),
            _ => SecretGenerator.Generate(Length, Alphabet),
        };
        var operation = new CreateStoredOperation(context, StoredKind.Secret, ThrottleLimit)
        {
            IsGenerated = ParameterSetName == ByGenerate,
            Exchange = vault is null ? null : made => OnPipelineThreadAsync(() => vault.Exchange(made)),
        };
        await operation.RunAsync(nodes, Name, NameFilters.Labels(Label), value).ConfigureAwait(false);
    }
}
