using System.Management.Automation;
using System.Security;
using SwarmOps.Pipeline;

namespace SwarmOps.Services.Stored;

/// <summary>Gives a secret a new value while services use it: each is moved to the new version and seen well, and the old version goes last.</summary>
[Cmdlet(VerbsData.Update, "SwarmSecret", SupportsShouldProcess = true, DefaultParameterSetName = ByGenerate)]
[OutputType(typeof(SwarmSecret))]
public sealed class UpdateSwarmSecretCommand : NodeSetCmdlet
{
    private const string ByValue = "Value";
    private const string ByPath = "Path";
    private const string ByGenerate = "Generate";

    /// <summary>Name of the secret.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The new value.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByValue)]
    [ValidateNotNull]
    public SecureString Value { get; set; } = new();

    /// <summary>A file of this machine whose bytes are the new value, a newline at the end included.</summary>
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

    /// <summary>Hands the value that is made to SecretManagement, under the secret's name.</summary>
    [Parameter(ParameterSetName = ByGenerate)]
    public SwitchParameter AsVault { get; set; }

    /// <summary>The vault of SecretManagement; without it the default one.</summary>
    [Parameter(ParameterSetName = ByGenerate)]
    [ValidateNotNullOrEmpty]
    public string? Vault { get; set; }

    /// <summary>How long each service may take until it runs with the new value, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <summary>For how long all tasks of a service must stay as they are, in seconds; without it its update policy's monitor time.</summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public int StableSeconds { get; set; }

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
        var options = new ServiceOptions
        {
            Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
            Stable = MyInvocation.BoundParameters.ContainsKey(nameof(StableSeconds)) ? TimeSpan.FromSeconds(StableSeconds) : null,
            ThrottleLimit = ThrottleLimit,
        };
        await new RotateStoredOperation(context, StoredKind.Secret, options)
        {
            IsGenerated = ParameterSetName == ByGenerate,
            Keep = vault is null ? null : made => OnPipelineThreadAsync(() => vault.Write(made)),
        }.RunAsync(nodes, Name, value).ConfigureAwait(false);
    }
}
