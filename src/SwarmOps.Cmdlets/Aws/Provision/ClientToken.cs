using System.Security.Cryptography;
using System.Text;

namespace SwarmOps.Aws.Provision;

/// <summary>
/// The token by which EC2 recognises a repeated RunInstances call. It derives from what the call is for, so that a run that was killed before it saw the
/// answer asks with the same one. EC2 remembers tokens of terminated instances too: the generation tells the next life of a name from the last.
/// </summary>
internal static class ClientToken
{
    /// <summary>Length of a token; EC2 takes up to 64 characters.</summary>
    private const int Length = 48;

    /// <summary>The token of a node's launch.</summary>
    /// <param name="node">The node's name, which holds cluster and region.</param>
    /// <param name="subnetId">The subnet: a launch in another zone is another call.</param>
    /// <param name="generation">0 for the first life of this name.</param>
    public static string For(string node, string subnetId, int generation) =>
        "swarmops-" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{node}\n{subnetId}\n{generation}"))).ToLowerInvariant()[..(Length - "swarmops-".Length)];
}
