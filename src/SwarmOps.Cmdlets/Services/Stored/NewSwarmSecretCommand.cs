using System.Collections;
using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Services.Stored;

/// <summary>Creates a secret from a value, a file, or a generated value that is never shown. With -AsVault, a value that the vault already has is used.</summary>
[Cmdlet(VerbsCommon.New, "SwarmSecret", SupportsShouldProcess = true, DefaultParameterSetName = ByGenerate)]
[OutputType(typeof(SwarmSecret))]
public sealed class NewSwarmSecretCommand : SecretValueCmdlet
{
    /// <summary>Labels of the secret.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Label { get; set; } = new Hashtable();

    /// <inheritdoc/>
    private protected override async Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        var value = await ValueAsync().ConfigureAwait(false);
        await new CreateStoredOperation(
            context,
            new CreateStoredRequest(nodes, StoredKind.Secret, Name, value)
            {
                Labels = NameFilters.Labels(Label),
                IsGenerated = IsGenerated,
                Exchange = MadeInto is { } vault ? made => OnPipelineThreadAsync(() => vault.Exchange(made)) : null,
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync().ConfigureAwait(false);
    }
}
