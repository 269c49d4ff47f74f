using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Maintenance.Fleet;

/// <summary>Shows how far the last maintenance of a swarm is, from its journal in the swarm.</summary>
[Cmdlet(VerbsCommon.Get, "SwarmMaintenance")]
[OutputType(typeof(SwarmMaintenance))]
public sealed class GetSwarmMaintenanceCommand : NodeSetCmdlet
{
    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new GetMaintenanceOperation(context, new GetMaintenanceRequest(nodes) { ThrottleLimit = ThrottleLimit }).RunAsync();
}
