using System.Management.Automation;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Session;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws;

/// <summary>
/// Base class of the cmdlets that use an AWS account: the parameters of AWS.Tools.Common with their names, aliases and precedence, and those for connecting to a node.
/// </summary>
public abstract class AwsAccountCmdlet : ConnectionCmdlet
{
    /// <summary>The parameters and the session's settings.</summary>
    private protected AwsSettings Settings { get; private set; } = new();

    /// <summary>How many regions, or nodes, are processed at the same time.</summary>
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

    /// <summary>URL of an AWS endpoint other than the service's own, such as a VPC endpoint or a test server.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public Uri? EndpointUrl { get; set; }

    /// <inheritdoc/>
    private protected sealed override void ReadSession() =>
        Settings = new AwsSettings
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

    /// <summary>Resolves the credentials; <c>-Verbose</c> shows their source.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="AwsErrors"/> about credentials.</exception>
    private protected async Task<ResolvedCredentials> CredentialsAsync(IOperationContext context)
    {
        var credentials = await CredentialResolver.ResolveAsync(Settings, context.CancellationToken).ConfigureAwait(false);
        context.WriteVerbose($"AWS credentials: {credentials.Source}.");
        return credentials;
    }

    /// <summary>Writes the calls that were made, one verbose line a region.</summary>
    private protected static void Tell(IOperationContext context, AwsCallLog calls)
    {
        foreach (var line in calls.Summary())
            context.WriteVerbose(line);
    }
}
