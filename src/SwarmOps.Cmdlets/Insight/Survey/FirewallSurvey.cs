using SwarmOps.Aws.Api;
using SwarmOps.Aws.Firewall;
using SwarmOps.Aws.Session;
using SwarmOps.Insight.Findings;

namespace SwarmOps.Insight.Survey;

/// <summary>The part of a pass that EC2 tells: the security groups. It needs neither a swarm nor a node that answers.</summary>
/// <param name="context">The context of the pass.</param>
/// <param name="request">What to look at.</param>
internal sealed class FirewallSurvey(SurveyContext context, SurveyRequest request)
{
    /// <summary>The findings; none where no cluster was specified.</summary>
    public async Task<IReadOnlyList<SwarmFinding>> FindAsync()
    {
        if (request.Firewall is not { } account)
            return [];
        try
        {
            var credentials = await CredentialResolver.ResolveAsync(account.Settings, context.CancellationToken).ConfigureAwait(false);
            context.WriteVerbose($"AWS credentials: {credentials.Source}.");
            using var clients = new Ec2Clients(account.Settings, credentials.Value, [], RegionResolver.Default(account.Settings))
            {
                ExcludedRegions = account.ExcludedRegions,
            };
            try
            {
                // Of its own: what a region's error means is said once, with the regions.
                var own = new SurveyContext(context, request.Activity);
                var reading = await new FirewallReader(own, clients, request.ThrottleLimit)
                    .ReadAsync(account.Cluster)
                    .ConfigureAwait(false);
                return [.. FirewallJudge.Of(reading, own.Errors.FirstOrDefault())];
            }
            finally
            {
                foreach (var line in clients.Calls.Summary())
                    context.WriteVerbose(line);
            }
        }
        catch (SwarmOpsException error)
        {
            return [ReportJudge.NotRead(SwarmFindingArea.Firewall, account.Cluster, error)];
        }
    }
}
