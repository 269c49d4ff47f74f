using System.Management.Automation;
using System.Security;
using SwarmOps.Transport;

namespace SwarmOps.Pipeline;

/// <summary>The base of the cmdlets for hosts and swarms: the connection parameters.</summary>
public abstract class SwarmCmdlet : AsyncCmdlet
{
    /// <summary>User name and password for nodes with SSH password authentication. Prefer a key.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Text of the SSH private key (OpenSSH or PEM), for keys stored in a vault instead of a file.</summary>
    [Parameter]
    public SecureString? PrivateKey { get; set; }

    /// <summary>Passphrase of the SSH private key.</summary>
    [Parameter]
    public SecureString? KeyPassphrase { get; set; }

    /// <summary>Time limit for connecting to one node, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int ConnectionTimeoutSeconds { get; set; } = 15;

    /// <summary>The credential parameters as one object; null when none was specified.</summary>
    private protected NodeCredential? GivenCredential => Credential is null && PrivateKey is null && KeyPassphrase is null
        ? null
        : new NodeCredential { Password = Credential, PrivateKey = PrivateKey, KeyPassphrase = KeyPassphrase };

    /// <inheritdoc/>
    private protected sealed override ConnectionOptions ConnectionOptions => new(GivenCredential, TimeSpan.FromSeconds(ConnectionTimeoutSeconds));
}
