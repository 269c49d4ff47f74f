using System.Collections;
using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Services.Stored;

/// <summary>Gives the swarm a secret: a value, a file, or one that is made and never shown. A value that the vault has already is taken.</summary>
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
        var operation = new CreateStoredOperation(context, StoredKind.Secret, ThrottleLimit)
        {
            IsGenerated = IsGenerated,
            Exchange = MadeInto is { } vault ? made => OnPipelineThreadAsync(() => vault.Exchange(made)) : null,
        };
        await operation.RunAsync(nodes, Name, NameFilters.Labels(Label), value).ConfigureAwait(false);
    }
}
