using SwarmOps.Aws.Session;

namespace SwarmOps.Insight.Survey;

/// <summary>The EC2 cluster whose firewall is compared with its nodes, and the account that has it. No record, whose text would contain secrets.</summary>
/// <param name="cluster">Name of the cluster.</param>
/// <param name="settings">The account.</param>
internal sealed class FirewallAccount(string cluster, AwsSettings settings)
{
    /// <summary>Name of the cluster.</summary>
    public string Cluster => cluster;

    /// <summary>The account.</summary>
    public AwsSettings Settings => settings;

    /// <summary>Regions that hold nothing of the cluster.</summary>
    public IReadOnlyList<string> ExcludedRegions { get; init; } = [];
}
