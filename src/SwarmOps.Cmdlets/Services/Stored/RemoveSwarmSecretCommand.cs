using System.Management.Automation;

namespace SwarmOps.Services.Stored;

/// <summary>Removes secrets that no service uses.</summary>
[Cmdlet(
    VerbsCommon.Remove,
    "SwarmSecret",
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = ByName
)]
[OutputType(typeof(void))]
public sealed class RemoveSwarmSecretCommand()
    : RemoveStoredCmdlet<SwarmSecret>(
        StoredKind.Secret,
        secret => secret.SwarmId,
        secret => secret.Nodes,
        secret => secret.Name,
        secret => secret.Id
    )
{
    /// <summary>Names of the secrets; all their versions are removed.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SecretNameCompleter))]
    public override string[] Name { get; set; } = [];

    /// <summary>The secrets, from <c>New-SwarmSecret</c> or <c>Get-SwarmSecret</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNullOrEmpty]
    public SwarmSecret[] Secret { get; set; } = [];

    /// <inheritdoc/>
    private protected override SwarmSecret[] Given => Secret;
}
