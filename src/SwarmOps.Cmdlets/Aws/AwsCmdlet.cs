using System.Management.Automation;
using System.Security;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Aws;

/// <summary>
/// What the cmdlets that talk to EC2 inherit: the parameters of AWS.Tools.Common with their names, aliases and order, and those that open a node.
/// They do not bind by property name: a node in the pipeline has a Region of its own.
/// </summary>
public abstract class AwsCmdlet : AsyncCmdlet
{
    private AwsSettings settings = new();

    /// <summary>Name of a profile in the AWS configuration.</summary>
    [Parameter]
    [Alias("StoredCredentials", "AWSProfileName")]
    [ValidateNotNullOrEmpty]
    public string? ProfileName { get; set; }

    /// <summary>Path of the credentials file that holds the profiles.</summary>
    [Parameter]
    [Alias("AWSProfilesLocation", "ProfilesLocation")]
    [ValidateNotNullOrEmpty]
    public string? ProfileLocation { get; set; }

    /// <summary>Access key id.</summary>
    [Parameter]
    [Alias("AK")]
    [ValidateNotNullOrEmpty]
    public string? AccessKey { get; set; }

    /// <summary>Secret access key.</summary>
    [Parameter]
    [Alias("SK", "SecretAccessKey")]
    [ValidateNotNullOrEmpty]
    public string? SecretKey { get; set; }

    /// <summary>Session token of temporary keys.</summary>
    [Parameter]
    [Alias("ST")]
    [ValidateNotNullOrEmpty]
    public string? SessionToken { get; set; }

    /// <summary>An AWS credentials object: of AWS.Tools, of STS, or a PSCredential with the keys as user name and password.</summary>
    [Parameter]
    [AwsCredentialTransformation]
    public object? Credential { get; set; }

    /// <summary>AWS regions by their system names, such as eu-central-1.</summary>
    [Parameter]
    [Alias("RegionToCall")]
    [ArgumentCompleter(typeof(RegionCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Region { get; set; } = [];

    /// <summary>Regions in which the cluster has nothing, on your word: they are not asked. For accounts whose policies close them.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(RegionCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] ExcludeRegion { get; set; } = [];

    /// <summary>Address of another EC2 endpoint than the region's own, such as that of a VPC endpoint or a test server.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public Uri? EndpointUrl { get; set; }

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

    /// <summary>The parameters that open a node, as one; null when none was given.</summary>
    private protected NodeCredential? GivenCredential =>
        PrivateKey is null && KeyPassphrase is null ? null : new NodeCredential { PrivateKey = PrivateKey, KeyPassphrase = KeyPassphrase };

    /// <inheritdoc/>
    private protected sealed override ConnectionOptions ConnectionOptions => new(GivenCredential, TimeSpan.FromSeconds(ConnectionTimeoutSeconds));

    /// <inheritdoc/>
    private protected sealed override void ReadSession() => settings = new AwsSettings
    {
        ProfileName = ProfileName,
        ProfileLocation = ProfileLocation is null ? null : GetUnresolvedProviderPathFromPSPath(ProfileLocation),
        AccessKey = AccessKey,
        SecretKey = SecretKey,
        SessionToken = SessionToken,
        Credential = Credential,
        StoredCredentials = SessionCredentials.Read(this),
        StoredRegion = SessionCredentials.Unwrap(SessionState.PSVariable.GetValue(SessionCredentials.RegionVariable)) as string,
        EndpointUrl = EndpointUrl,
    };

    /// <summary>
    /// Opens EC2 with the credentials that apply and does the work; says under <c>-Verbose</c> where they came from and which calls were made, even when
    /// the work fails.
    /// </summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="AwsErrors"/> about credentials and regions.</exception>
    private protected async Task WithEc2Async(IOperationContext context, Func<IEc2Clients, Task> work)
    {
        var regions = Region.Select(RegionNames.Check).Distinct(StringComparer.Ordinal).ToList();
        var excluded = ExcludeRegion.Select(RegionNames.Check).Distinct(StringComparer.Ordinal).ToList();
        if (regions.Intersect(excluded).Any())
            throw AwsErrors.RegionGivenAndExcluded(regions.Intersect(excluded));
        var credentials = await CredentialResolver.ResolveAsync(settings, context.CancellationToken).ConfigureAwait(false);
        context.WriteVerbose($"AWS credentials: {credentials.Source}.");
        using var clients = new Ec2Clients(settings, credentials.Value, regions, RegionResolver.Default(settings)) { ExcludedRegions = excluded };
        try
        {
            await work(clients).ConfigureAwait(false);
        }
        finally
        {
            foreach (var line in clients.Calls.Summary())
                context.WriteVerbose(line);
        }
    }
}
