namespace SwarmOps.Aws.Cluster;

/// <summary>A node of an account, as far as Tab needs it.</summary>
/// <param name="Cluster">Its cluster.</param>
/// <param name="Name">Its name.</param>
/// <param name="Region">Its region.</param>
/// <param name="State">Its instance's state, in EC2's word.</param>
internal sealed record AccountNode(string Cluster, string Name, string Region, string State);
