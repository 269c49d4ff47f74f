using System.Management.Automation;
using SwarmOps.Aws.Cluster;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Firewall;

/// <summary>Makes the security groups of a cluster allow exactly its nodes, and reports how they differed.</summary>
[Cmdlet(VerbsData.Sync, "SwarmFirewall", SupportsShouldProcess = true)]
[OutputType(typeof(SwarmFirewall))]
public sealed class SyncSwarmFirewallCommand : AwsCmdlet
{
    /// <summary>Name of the cluster.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ClusterNameCompleter))]
    public string Cluster { get; set; } = "";

    /// <summary>Addresses and networks that are allowed to use SSH; by default the current ones.</summary>
    [Parameter]
    [ValidateNotNull]
    [AllowEmptyCollection]
    public string[]? AllowSshFrom { get; set; }

    /// <summary>Ports that are open to the internet, TCP or such as <c>53/udp</c>; by default the current ones.</summary>
    [Parameter]
    [ValidateNotNull]
    [AllowEmptyCollection]
    public string[]? PublishPort { get; set; }

    /// <summary>How long it may take until a changed group reads back correctly, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <inheritdoc/>
    private protected override Task EndAsync(IOperationContext context)
    {
        var cluster = ClusterNames.Check(Cluster);
        var ssh = AllowSshFrom is null ? null : FirewallInput.Networks(context, AllowSshFrom);
        var ports = PublishPort is null ? null : FirewallInput.Ports(PublishPort);
        return WithEc2Async(
            context,
            async clients =>
            {
                var operation = new FirewallOperation(
                    context,
                    clients,
                    new FirewallRequest(cluster)
                    {
                        AllowSshFrom = ssh,
                        PublishPort = ports,
                        Regions = clients.GivenRegions.Count == 0 ? null : clients.GivenRegions,
                        Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                        ThrottleLimit = ThrottleLimit,
                    }
                );
                foreach (var firewall in await operation.RunAsync().ConfigureAwait(false))
                    context.WriteObject(firewall);
            }
        );
    }
}
