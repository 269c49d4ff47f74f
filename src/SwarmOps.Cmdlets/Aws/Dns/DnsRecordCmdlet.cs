using System.Management.Automation;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Dns.Api;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Dns;

/// <summary>Base class of the cmdlets that change records in Route 53, holding the lock of the swarm whose nodes they are given.</summary>
public abstract class DnsRecordCmdlet : AwsAccountCmdlet
{
    private readonly List<SwarmNode> nodes = [];

    /// <summary>Nodes of the swarm.</summary>
    public abstract SwarmNode[] Node { get; set; }

    /// <summary>Name of the public hosted zone, such as <c>example.org</c>.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(HostedZoneCompleter))]
    public string Zone { get; set; } = "";

    /// <summary>The name, relative to the zone; <c>@</c> for the zone itself.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DnsRecordNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>Id of the hosted zone, where several have the same name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? HostedZoneId { get; set; }

    /// <summary>How long Route 53's name servers may take to have the change, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <summary>How long to wait, in seconds, while someone else holds the swarm's lock; 0 does not wait for a holder that is known to be active.</summary>
    [Parameter]
    [ValidateRange(0, LockSettings.LongestWaitSeconds)]
    public int WaitForLock { get; set; } = LockSettings.DefaultWaitSeconds;

    /// <summary>Changes the records.</summary>
    private protected abstract Task RunAsync(IOperationContext context, Route53 route53, IReadOnlyList<SwarmNode> nodes);

    /// <inheritdoc/>
    private protected sealed override Task ProcessAsync(IOperationContext context)
    {
        nodes.AddRange(Node);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    private protected sealed override async Task EndAsync(IOperationContext context)
    {
        NodeSet.Check(nodes);
        var credentials = await CredentialsAsync(context).ConfigureAwait(false);
        var calls = new AwsCallLog();
        using var client = new Route53Client(credentials.Value, Route53Endpoint.Of(Settings), calls);
        try
        {
            await ChangeScope
                .RunAsync(
                    context,
                    LockSettings.Of(this, WaitForLock),
                    scope => RunAsync(scope, new Route53(client, scope.CancellationToken), nodes)
                )
                .ConfigureAwait(false);
        }
        finally
        {
            Tell(context, calls);
        }
    }
}
