using System.Management.Automation;
using System.Security;

namespace SwarmOps;

/// <summary>The connection secrets of a node, kept in this process only; never in a public property, so that no formatter, export or log shows them.</summary>
internal sealed record NodeCredential
{
    /// <summary>User name and password for SSH password authentication.</summary>
    public PSCredential? Password { get; init; }

    /// <summary>Text of an SSH private key.</summary>
    public SecureString? PrivateKey { get; init; }

    /// <summary>Passphrase of the key file or key text.</summary>
    public SecureString? KeyPassphrase { get; init; }
}
