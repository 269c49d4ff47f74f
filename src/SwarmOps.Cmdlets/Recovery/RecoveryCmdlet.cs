using System.Management.Automation;
using System.Net;
using System.Security;
using SwarmOps.Aws.Session;
using SwarmOps.Pipeline;
using SwarmOps.Recovery.Store;

namespace SwarmOps.Recovery;

/// <summary>The base of the cmdlets that write and read backups: the passphrase, and how S3 is reached.</summary>
public abstract class RecoveryCmdlet : NodeSetChangeCmdlet
{
    private const int ShortestPassphrase = 12;

    private AwsSettings settings = new();
    private string fullPlace = "";

    /// <summary>The passphrase of the backup. A backup whose passphrase is lost is lost.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNull]
    public SecureString Passphrase { get; set; } = new();

    /// <summary>Region of the S3 bucket, such as eu-central-1; by default that of the session, the environment or the profile.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(RegionCompleter))]
    [ValidateNotNullOrEmpty]
    public string? BucketRegion { get; set; }

    /// <summary>Name of a profile in the AWS configuration, for S3. By default, credentials are found in the order of AWS.Tools.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ProfileName { get; set; }

    /// <summary>URL of a server other than AWS that speaks the protocol of S3.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public Uri? EndpointUrl { get; set; }

    /// <summary>The place as the user gave it.</summary>
    private protected abstract string GivenPlace { get; }

    /// <summary>The place.</summary>
    /// <exception cref="SwarmOpsException"><c>RegionNameInvalid</c>.</exception>
    private protected BackupPlace Place() => new(fullPlace, settings, BucketRegion is null ? null : RegionNames.Check(BucketRegion));

    /// <summary>The passphrase as text, which exists only while a file is written or read.</summary>
    /// <exception cref="SwarmOpsException"><c>BackupPassphraseTooShort</c>.</exception>
    private protected string PassphraseText() =>
        new NetworkCredential("", Passphrase).Password is { Length: >= ShortestPassphrase } text
            ? text
            : throw RecoveryErrors.BackupPassphraseTooShort(ShortestPassphrase);

    /// <inheritdoc/>
    private protected sealed override void ReadSession()
    {
        if (!S3Location.IsOne(GivenPlace))
        {
            fullPlace = FullPath(GivenPlace);
            return;
        }

        fullPlace = GivenPlace;
        settings = new AwsSettings
        {
            ProfileName = ProfileName,
            StoredCredentials = SessionCredentials.Read(this),
            StoredRegion = SessionCredentials.Unwrap(SessionState.PSVariable.GetValue(SessionCredentials.RegionVariable)) as string,
            EndpointUrl = EndpointUrl,
        };
    }
}
