using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Keys;

/// <summary>Replaces the certificate authority of a swarm, and waits until every node has a certificate from the new one.</summary>
[Cmdlet(
    VerbsData.Update,
    "SwarmCertificate",
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = GeneratedSet
)]
[OutputType(typeof(SwarmCertificateAuthority))]
public sealed class UpdateSwarmCertificateCommand : NodeSetChangeCmdlet
{
    private const string GeneratedSet = "Generated";
    private const string OwnSet = "Own";

    /// <summary>PEM file of the certificate of an authority of your own. The engine makes one itself if it is omitted.</summary>
    [Parameter(Mandatory = true, ParameterSetName = OwnSet)]
    [ValidateNotNullOrEmpty]
    public string CertificatePath { get; set; } = "";

    /// <summary>PEM file of that certificate's private key, without a passphrase.</summary>
    [Parameter(Mandatory = true, ParameterSetName = OwnSet)]
    [ValidateNotNullOrEmpty]
    public string KeyPath { get; set; } = "";

    /// <summary>Begins although nodes are down. The change then ends only when they are back, or were removed.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>How long to wait until every node has its new certificate, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        var pair =
            ParameterSetName == OwnSet
                ? CertificatePair.Read(GetUnresolvedProviderPathFromPSPath(CertificatePath), GetUnresolvedProviderPathFromPSPath(KeyPath))
                : null;
        return new UpdateCertificateOperation(
            context,
            new UpdateCertificateRequest(nodes)
            {
                Own = pair,
                Force = Force,
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
    }
}
