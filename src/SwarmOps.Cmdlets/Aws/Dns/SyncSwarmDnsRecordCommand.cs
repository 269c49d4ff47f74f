using System.Collections;
using System.Management.Automation;
using SwarmOps.Aws.Dns.Api;
using SwarmOps.Pipeline;
using SwarmOps.Services.Edge;

namespace SwarmOps.Aws.Dns;

/// <summary>Makes the records of a name in Route 53 equal the nodes of an edge service, by region and with health checks, and reports how they differed.</summary>
[Cmdlet(VerbsData.Sync, "SwarmDnsRecord", SupportsShouldProcess = true)]
[OutputType(typeof(SwarmDnsRecord))]
public sealed class SyncSwarmDnsRecordCommand : DnsRecordCmdlet
{
    /// <summary>Nodes of the swarm.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public override SwarmNode[] Node { get; set; } = [];

    /// <summary>The edge service, as passed to <c>New-SwarmEdgeService</c>.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EdgeServiceNameCompleter))]
    public string Service { get; set; } = "";

    /// <summary>The AWS region of each region of the swarm that is none itself.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary RegionMap { get; set; } = new Hashtable();

    /// <summary>How long resolvers keep an answer, in seconds.</summary>
    [Parameter]
    [ValidateRange(5, 86400)]
    public int TtlSeconds { get; set; } = 60;

    /// <summary>The port on the nodes that Route 53 checks.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int HealthPort { get; set; }

    /// <summary>The path that Route 53 requests over HTTP; empty for a TCP connection only.</summary>
    [Parameter]
    [AllowEmptyString]
    public string HealthPath { get; set; } = "";

    /// <summary>The Host header of that request; empty for none.</summary>
    [Parameter]
    [AllowEmptyString]
    public string HealthHost { get; set; } = "";

    /// <summary>Requests the path over TLS; Route 53 does not verify the certificate.</summary>
    [Parameter]
    public SwitchParameter HealthTls { get; set; }

    /// <summary>Time between two checks of one checker, in seconds: 30, or 10 at a higher price.</summary>
    [Parameter]
    [ValidateSet("10", "30")]
    public int HealthIntervalSeconds { get; set; } = 30;

    /// <summary>Number of failed checks that make a node unhealthy, and of successful ones in a row that make it healthy again.</summary>
    [Parameter]
    [ValidateRange(1, 10)]
    public int HealthRetries { get; set; } = 3;

    /// <summary>Takes over the records of another swarm.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override Task RunAsync(IOperationContext context, Route53 route53, IReadOnlyList<SwarmNode> nodes) =>
        nodes.Count == 0
            ? Task.CompletedTask
            : new SyncDnsRecordOperation(
                context,
                route53,
                new SyncDnsRecordRequest(nodes, Zone, Name, Service)
                {
                    HostedZoneId = HostedZoneId,
                    RegionMap = RegionMap
                        .Cast<DictionaryEntry>()
                        .ToDictionary(
                            entry => LanguagePrimitives.ConvertTo<string>(entry.Key),
                            entry => LanguagePrimitives.ConvertTo<string>(entry.Value)
                        ),
                    TtlSeconds = Has(nameof(TtlSeconds)) ? TtlSeconds : null,
                    HealthPort = Has(nameof(HealthPort)) ? HealthPort : null,
                    HealthPath = Has(nameof(HealthPath)) ? HealthPath : null,
                    HealthHost = Has(nameof(HealthHost)) ? HealthHost : null,
                    HealthTls = Has(nameof(HealthTls)) ? HealthTls.IsPresent : null,
                    HealthIntervalSeconds = Has(nameof(HealthIntervalSeconds)) ? HealthIntervalSeconds : null,
                    HealthRetries = Has(nameof(HealthRetries)) ? HealthRetries : null,
                    IsForced = Force,
                    Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                    ThrottleLimit = ThrottleLimit,
                }
            ).RunAsync();
}
