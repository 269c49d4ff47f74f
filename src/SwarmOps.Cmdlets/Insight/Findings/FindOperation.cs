using SwarmOps.Insight.Survey;
using SwarmOps.Pipeline;

namespace SwarmOps.Insight.Findings;

/// <summary>Writes what is or will be wrong with a swarm to the pipeline; then, if that is wanted, what changes.</summary>
internal sealed class FindOperation(IOperationContext context, FindRequest request)
{
    /// <summary>Runs the operation; with an interval it ends only when it is cancelled.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="SwarmSurvey"/>.</exception>
    public async Task RunAsync()
    {
        if (request.Interval is not { } pause)
        {
            await WriteAsync(await TakeAsync(isThorough: true).ConfigureAwait(false)).ConfigureAwait(false);
            return;
        }

        var changes = new FindingChanges();
        while (true)
        {
            await WriteAsync(changes.Next(await LookAgainAsync().ConfigureAwait(false), DateTime.UtcNow)).ConfigureAwait(false);
            await Task.Delay(pause, context.CancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(IEnumerable<SwarmFinding> findings)
    {
        foreach (var finding in findings.Where(request.Wants))
            await context.WriteObjectAsync(finding).ConfigureAwait(false);
    }

    /// <summary>A pass that fails as a whole is a finding, too: whoever watches wants to see the swarm come back.</summary>
    private async Task<IReadOnlyList<SwarmFinding>> LookAgainAsync()
    {
        try
        {
            return await TakeAsync(isThorough: false).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.Kind is ErrorKind.Connection or ErrorKind.Engine or ErrorKind.Timeout)
        {
            return [ReportJudge.NoSwarm(error)];
        }
    }

    /// <summary>One pass.</summary>
    /// <param name="isThorough">Whether what takes long is looked for: not again and again.</param>
    private async Task<IReadOnlyList<SwarmFinding>> TakeAsync(bool isThorough) => (await new SwarmSurvey(
                context,
                new SurveyRequest(request.Nodes)
                {
                    SendsPackets = request.SendsPackets,
                    IsThorough = isThorough,
                    Timeout = request.Timeout,
                    ThrottleLimit = request.ThrottleLimit,
                    Firewall = request.Firewall,
                }
            ).TakeAsync().ConfigureAwait(false)).Findings;
}
