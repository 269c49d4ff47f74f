using System.Management.Automation;
using System.Security;
using SwarmOps.Pipeline;

namespace SwarmOps.Nodes.Keys;

/// <summary>Replaces the SSH key of nodes: the new key in, proven, the old one out.</summary>
[Cmdlet(VerbsData.Update, "SwarmNodeKey", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(SwarmNode))]
public sealed class UpdateSwarmNodeKeyCommand : NodeSetCmdlet
{
    /// <summary>The file of the new private key.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string NewKeyFilePath { get; set; } = "";

    /// <summary>Passphrase of the new private key.</summary>
    [Parameter]
    public SecureString? NewKeyPassphrase { get; set; }

    /// <summary>Leaves the old key in place: both are accepted.</summary>
    [Parameter]
    public SwitchParameter KeepOld { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new UpdateNodeKeyOperation(
            context,
            new UpdateNodeKeyRequest(nodes, FullPath(NewKeyFilePath), ConnectionOptions)
            {
                NewPassphrase = NewKeyPassphrase,
                KeepOld = KeepOld,
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
