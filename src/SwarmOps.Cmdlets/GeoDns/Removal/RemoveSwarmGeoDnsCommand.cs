using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Services;

namespace SwarmOps.GeoDns.Removal;

/// <summary>Removes the name servers of a zone.</summary>
[Cmdlet(
    VerbsCommon.Remove,
    "SwarmGeoDns",
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = ByName
)]
[OutputType(typeof(void))]
public sealed class RemoveSwarmGeoDnsCommand()
    : RemoveOneCmdlet<SwarmGeoDns>(zone => zone.SwarmId, zone => zone.Nodes, zone => zone.Zone, timeoutSeconds: 60)
{
    /// <summary>Name of the zone.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GeoDnsZoneCompleter))]
    public string Zone { get; set; } = "";

    /// <inheritdoc/>
    private protected override string NameGiven => Zone;

    /// <inheritdoc/>
    private protected override Task RemoveAsync(IOperationContext context, RemoveOneRequest request) =>
        new RemoveGeoDnsOperation(context, request).RunAsync();
}
