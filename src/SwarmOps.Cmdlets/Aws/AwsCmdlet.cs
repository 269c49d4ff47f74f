using System.Management.Automation;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Session;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws;

/// <summary>
/// Base class of the cmdlets that use EC2. Its parameters do not bind by property name, because a node in the pipeline has its own Region property.
/// </summary>
public abstract class AwsCmdlet : AwsAccountCmdlet
{
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
        var credentials = await CredentialsAsync(context).ConfigureAwait(false);
        using var clients = new Ec2Clients(Settings, credentials.Value, regions, RegionResolver.Default(Settings))
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
            Tell(context, clients.Calls);
        }
    }
}
