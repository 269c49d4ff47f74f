using System.Management.Automation;

namespace SwarmOps.Pipeline;

/// <summary>The base of the cmdlets for hosts and swarms: the connection parameters.</summary>
public abstract class SwarmCmdlet : ConnectionCmdlet
{
    /// <summary>User name and password for nodes with SSH password authentication. Prefer a key.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <inheritdoc/>
    private protected sealed override PSCredential? SshPassword => Credential;
}
