using System.Management.Automation;
using System.Security;
using SwarmOps.Transport;

namespace SwarmOps.Pipeline;

/// <summary>The base of the cmdlets that connect to nodes: the parameters of the SSH key and the time limit.</summary>
public abstract class ConnectionCmdlet : AsyncCmdlet
{
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

    /// <summary>User name and password for SSH, where the cmdlet has such a parameter.</summary>
    private protected virtual PSCredential? SshPassword => null;

    /// <summary>The credential parameters as one object; null when none was specified.</summary>
    private protected NodeCredential? GivenCredential =>
        SshPassword is null && PrivateKey is null && KeyPassphrase is null
            ? null
            : new NodeCredential
            {
                Password = SshPassword,
                PrivateKey = PrivateKey,
                KeyPassphrase = KeyPassphrase,
            };

    /// <inheritdoc/>
    private protected sealed override ConnectionOptions ConnectionOptions =>
        new(GivenCredential, TimeSpan.FromSeconds(ConnectionTimeoutSeconds));
}
