using System.Management.Automation;
using System.Security;
using SwarmOps.Transport;

namespace SwarmOps.Pipeline;

/// <summary>What the cmdlets for hosts and swarms inherit: the parameters that open a node.</summary>
public abstract class SwarmCmdlet : AsyncCmdlet
{
    /// <summary>User name and password for nodes that take SSH passwords. A key is better.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Text of the SSH private key (OpenSSH or PEM), for keys that come from a vault and not from a file.</summary>
    [Parameter]
    public SecureString? PrivateKey { get; set; }

    /// <summary>Passphrase of the SSH private key.</summary>
    [Parameter]
    public SecureString? KeyPassphrase { get; set; }

    /// <summary>How long connecting to one node may take, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int ConnectionTimeoutSeconds { get; set; } = 15;

    /// <summary>The credential parameters as one; null when none was given.</summary>
    private protected NodeCredential? GivenCredential => Credential is null && PrivateKey is null && KeyPassphrase is null
        ? null
        : new NodeCredential { Password = Credential, PrivateKey = PrivateKey, KeyPassphrase = KeyPassphrase };

    /// <inheritdoc/>
    private protected sealed override ConnectionOptions ConnectionOptions => new(GivenCredential, TimeSpan.FromSeconds(ConnectionTimeoutSeconds));
}
