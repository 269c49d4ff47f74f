using System.Management.Automation;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Session;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws;

/// <summary>
/// Base class of the cmdlets that use EC2: the parameters of AWS.Tools.Common with their names, aliases and precedence, and those for connecting to a node.
/// They do not bind by property name, because a node in the pipeline has its own Region property.
/// </summary>
public abstract class AwsCmdlet : ConnectionCmdlet
{
    private AwsSettings settings = new();

    /// <summary>How many regions, or nodes of a region, are processed at the same time.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 32;

    /// <summary>Name of a profile in the AWS configuration.</summary>
    [Parameter]
    [Alias("StoredCredentials", "AWSProfileName")]
    [ValidateNotNullOrEmpty]
    public string? ProfileName { get; set; }

    /// <summary>Path of the credentials file with the profiles.</summary>
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

    /// <summary>Session token of temporary credentials.</summary>
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

    /// <summary>Regions that are not queried, because the cluster has no resources there; for accounts whose policies deny access to them.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(RegionCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] ExcludeRegion { get; set; } = [];

    /// <summary>URL of an EC2 endpoint other than the region's own, such as a VPC endpoint or a test server.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public Uri? EndpointUrl { get; set; }

    /// <inheritdoc/>
    private protected sealed override void ReadSession() =>
        settings = new AwsSettings
        {
            ProfileName = ProfileName,
            ProfileLocation = ProfileLocation is null ? null : FullPath(ProfileLocation),
            AccessKey = AccessKey,
            SecretKey = SecretKey,
            SessionToken = SessionToken,
            Credential = Credential,
            StoredCredentials = SessionCredentials.Read(this),
            StoredRegion = SessionCredentials.Unwrap(SessionState.PSVariable.GetValue(SessionCredentials.RegionVariable)) as string,
            EndpointUrl = EndpointUrl,
        };

    /// <summary>
    /// Creates the EC2 clients with the resolved credentials and runs the work; <c>-Verbose</c> shows the source of the credentials and the calls made, even if
    /// the work fails.
    /// </summary>
    /// <param name="context">The cmdlet's context.</param>
    /// <param name="work">The work.</param>
    /// <param name="patience">How long a call is repeated while EC2 throttles it, after the attempts of the SDK.</param>
    /// <exception cref="SwarmOpsException">Those of <see cref="AwsErrors"/> about credentials and regions.</exception>
    private protected async Task WithEc2Async(IOperationContext context, Func<IEc2Clients, Task> work, TimeSpan patience = default)
    {
        var regions = Region.Select(RegionNames.Check).Distinct(StringComparer.Ordinal).ToList();
        var excluded = ExcludeRegion.Select(RegionNames.Check).Distinct(StringComparer.Ordinal).ToList();
        if (regions.Intersect(excluded).Any())
            throw AwsErrors.RegionGivenAndExcluded(regions.Intersect(excluded));
        var credentials = await CredentialResolver.ResolveAsync(settings, context.CancellationToken).ConfigureAwait(false);
        context.WriteVerbose($"AWS credentials: {credentials.Source}.");
        using var clients = new Ec2Clients(settings, credentials.Value, regions, RegionResolver.Default(settings))
        {
            ExcludedRegions = excluded,
            Patience = new Ec2Patience(patience, new ThrottleProgress(context, patience).Tell),
        };
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
