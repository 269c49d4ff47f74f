using System.Security.Cryptography;
using System.Text;

namespace SwarmOps.Aws.Provision;

/// <summary>
/// The token by which EC2 recognizes a repeated RunInstances call. It derives from the call's purpose, so that after a run that was interrupted before the
/// response arrived, the next run uses the same token. EC2 also remembers tokens of terminated instances: the generation distinguishes reuses of a name.
/// </summary>
internal static class ClientToken
{
    /// <summary>Length of a token; EC2 accepts up to 64 characters.</summary>
    private const int Length = 48;

    /// <summary>The token of a node's launch.</summary>
    /// <param name="node">The node's name, which contains cluster and region.</param>
    /// <param name="subnetId">The subnet: a launch in another Availability Zone is a different call.</param>
    /// <param name="generation">0 for the first use of this name.</param>
    public static string For(string node, string subnetId, int generation) =>
        "swarmops-"
        + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{node}\n{subnetId}\n{generation}"))).ToLowerInvariant()[
            ..(Length - "swarmops-".Length)
        ];
}
