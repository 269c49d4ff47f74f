using System.Management.Automation;
using System.Net;
using SwarmOps.Pipeline;

namespace SwarmOps.Nodes;

/// <summary><c>New-SwarmNode</c>: describes a machine that exists. Connects to nothing.</summary>
[Cmdlet(VerbsCommon.New, "SwarmNode")]
[OutputType(typeof(SwarmNode))]
public sealed class NewSwarmNodeCommand : SwarmCmdlet
{
    /// <summary>The name that messages and tables use; the default is the host of the address or endpoint.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [AllowNull, AllowEmptyString]
    public string? Name { get; set; }

    /// <summary>A free label for where the node is.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull, AllowEmptyString]
    [ArgumentCompleter(typeof(KnownRegionCompleter))]
    public string? Region { get; set; }

    /// <summary>A free label for the failure domain within the region.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull, AllowEmptyString]
    public string? Zone { get; set; }

    /// <summary>The address or host name by which other regions reach the node.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("IPAddress", "ComputerName")]
    [AllowNull, AllowEmptyString]
    public string? PublicAddress { get; set; }

    /// <summary>The node's own address, which differs from the public one behind NAT.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull, AllowEmptyString]
    public string? PrivateAddress { get; set; }

    /// <summary>The address or host name that the node advertises to the swarm.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull, AllowEmptyString]
    public string? AdvertiseAddress { get; set; }

    /// <summary>The engine's endpoint, as in <c>DOCKER_HOST</c>.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull, AllowEmptyString]
    public string? DockerHost { get; set; }

    /// <summary>The SSH user, when -DockerHost is not specified.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull, AllowEmptyString]
    public string? User { get; set; }

    /// <summary>The SSH port, when -DockerHost is not specified. A string, since the parameter binder silently drops non-numeric cells of an inventory.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull, AllowEmptyString]
    public string? Port { get; set; }

    /// <summary>Path of the SSH private key file.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull, AllowEmptyString]
    public string? KeyFilePath { get; set; }

    /// <summary>The SSH host key's SHA-256 fingerprint in OpenSSH's form.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull, AllowEmptyString]
    public string? HostKeyFingerprint { get; set; }

    /// <summary>Path of the known_hosts file; the default is the user's own.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull, AllowEmptyString]
    public string? KnownHostsPath { get; set; }

    /// <summary>What to do with an unknown SSH host key: Strict (default) or AcceptNew. A string, for the same reason as <see cref="Port"/>.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(HostKeyPolicyCompleter))]
    [AllowNull, AllowEmptyString]
    public string? HostKeyPolicy { get; set; }

    /// <summary>Folder with ca.pem, cert.pem and key.pem for a tcp:// endpoint.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull, AllowEmptyString]
    public string? CertificatePath { get; set; }

    /// <summary>The cloud's id of the machine.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull, AllowEmptyString]
    public string? InstanceId { get; set; }

    /// <inheritdoc/>
    private protected override async Task ProcessAsync(IOperationContext context)
    {
        var factory = new NodeFactory(context, Dns.GetHostAddressesAsync, TimeSpan.FromSeconds(ConnectionTimeoutSeconds));
        try
        {
            context.WriteObject(await factory.CreateAsync(Describe()).ConfigureAwait(false));
        }
        catch (SwarmOpsException error)
        {
            context.WriteError(error);
        }
    }

    private NodeDescription Describe() =>
        new()
        {
            Name = Name,
            Region = Region,
            Zone = Zone,
            PublicAddress = PublicAddress,
            PrivateAddress = PrivateAddress,
            AdvertiseAddress = AdvertiseAddress,
            DockerHost = DockerHost,
            User = User,
            Port = Port,
            KeyFilePath = FullPath(nameof(KeyFilePath), KeyFilePath),
            HostKeyFingerprint = HostKeyFingerprint,
            KnownHostsPath = FullPath(nameof(KnownHostsPath), KnownHostsPath),
            HostKeyPolicy = HostKeyPolicy,
            CertificatePath = FullPath(nameof(CertificatePath), CertificatePath),
            InstanceId = InstanceId,
            Credential = GivenCredential,
        };

    /// <summary>The absolute path, so that later cmdlets find it from another directory.</summary>
    private string? FullPath(string parameter, string? path)
    {
        if (string.IsNullOrWhiteSpace(path))
            return null;
        try
        {
            return GetUnresolvedProviderPathFromPSPath(path.Trim());
        }
        catch (Exception exception) when (exception is SessionStateException or ProviderInvocationException or NotSupportedException)
        {
            throw NodeErrors.PathInvalid(parameter, path, exception);
        }
    }
}
