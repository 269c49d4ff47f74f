using System.Management.Automation;
using SwarmOps.Aws.Cluster;
using SwarmOps.Aws.Session;
using SwarmOps.Insight.Survey;
using SwarmOps.Pipeline;

namespace SwarmOps.Insight;

/// <summary>The base of the cmdlets that take a pass over everything: the EC2 cluster whose firewall belongs to it.</summary>
public abstract class SurveyCmdlet : NodeSetCmdlet
{
    private AwsSettings settings = new();

    /// <summary>Name of the EC2 cluster of these nodes: its security groups are compared with its nodes, too.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ClusterNameCompleter))]
    public string? Cluster { get; set; }

    /// <summary>With -Cluster: regions that are not queried, because the cluster has no resources there.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(RegionCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] ExcludeRegion { get; set; } = [];

    /// <summary>With -Cluster: name of a profile in the AWS configuration. By default, credentials are found in the order of AWS.Tools.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ProfileName { get; set; }

    /// <summary>With -Cluster: URL of an EC2 endpoint other than AWS's own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public Uri? EndpointUrl { get; set; }

    /// <summary>The account; null when no cluster was specified.</summary>
    /// <exception cref="SwarmOpsException"><c>ClusterNameInvalid</c>, <c>RegionNameInvalid</c>.</exception>
    private protected FirewallAccount? Firewall =>
        Cluster is null
            ? null
            : new FirewallAccount(ClusterNames.Check(Cluster), settings)
            {
                ExcludedRegions = [.. ExcludeRegion.Select(RegionNames.Check).Distinct(StringComparer.Ordinal)],
            };

    /// <inheritdoc/>
    private protected sealed override void ReadSession()
    {
        if (Cluster is not null)
            settings = new AwsSettings
            {
                ProfileName = ProfileName,
                StoredCredentials = SessionCredentials.Read(this),
                StoredRegion = SessionCredentials.Unwrap(SessionState.PSVariable.GetValue(SessionCredentials.RegionVariable)) as string,
                EndpointUrl = EndpointUrl,
            };
    }
}
