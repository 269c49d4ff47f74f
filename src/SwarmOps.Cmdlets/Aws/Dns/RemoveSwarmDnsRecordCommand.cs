using System.Management.Automation;
using SwarmOps.Aws.Dns.Api;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Dns;

/// <summary>Removes the records and health checks that Sync-SwarmDnsRecord created for a name in Route 53.</summary>
[Cmdlet(VerbsCommon.Remove, "SwarmDnsRecord", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveSwarmDnsRecordCommand : DnsRecordCmdlet
{
    /// <summary>Nodes of the swarm, whose lock is held meanwhile; omit it when the swarm no longer exists.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public override SwarmNode[] Node { get; set; } = [];

    /// <inheritdoc/>
    private protected override Task RunAsync(IOperationContext context, Route53 route53, IReadOnlyList<SwarmNode> nodes) =>
        new RemoveDnsRecordOperation(
            context,
            route53,
            new RemoveDnsRecordRequest(nodes, Zone, Name)
            {
                HostedZoneId = HostedZoneId,
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
