using System.Security;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Nodes.Keys;

/// <summary>Nodes whose SSH key is to be replaced.</summary>
/// <param name="Nodes">The nodes.</param>
/// <param name="NewKeyPath">The file of the new private key.</param>
/// <param name="Options">How the cmdlet connects with the present key.</param>
internal sealed record UpdateNodeKeyRequest(IReadOnlyList<SwarmNode> Nodes, string NewKeyPath, ConnectionOptions Options) : ThrottledRequest
{
    /// <summary>Passphrase of the new key; null for none.</summary>
    public SecureString? NewPassphrase { get; init; }

    /// <summary>Whether the old key stays.</summary>
    public bool KeepOld { get; init; }
}
