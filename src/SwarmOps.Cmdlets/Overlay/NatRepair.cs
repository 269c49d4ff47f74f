using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Overlay;

/// <summary>
/// Installs the NAT rule, which encrypted overlay networks need across 1:1 NAT. The checksum that NAT breaks covers both addresses, so a node needs the rule
/// when it or any of its peers is behind NAT: when one member is behind NAT, all get the rule.
/// </summary>
/// <param name="context">The context of the cmdlet.</param>
/// <param name="throttleLimit">How many nodes are processed at the same time.</param>
/// <param name="timeout">Time limit for one node, including the installation of a package.</param>
/// <param name="dataPathPort">The swarm's data path port.</param>
internal sealed class NatRepair(IOperationContext context, int throttleLimit, TimeSpan timeout, int dataPathPort)
{
    /// <summary>Docker's default data path port (moby).</summary>
    public const int DefaultDataPathPort = 4789;

    /// <summary>The data path port of a swarm.</summary>
    public static int DataPathPort(SwarmSession swarm) =>
        swarm
            .Observations.Select(observation => (int)(observation.Info.Swarm?.Cluster?.DataPathPort ?? 0))
            .FirstOrDefault(port => port > 0, DefaultDataPathPort);

    /// <summary>Whether the members need the rule.</summary>
    public static bool IsNeeded(IReadOnlyCollection<NatObservation> observations) =>
        observations.Any(observation => observation.IsBehindNat);

    /// <summary>Reads the members' hosts, one command each. A host that cannot be read is reported as an error and omitted.</summary>
    public Task<IReadOnlyList<NatObservation>> ObserveAsync(IReadOnlyList<NodeObservation> members) =>
        NodeSet.ForEachAsync(
            context,
            members.Select(member => member.Node).ToList(),
            throttleLimit,
            async node =>
            {
                var member = members.First(candidate => candidate.Node == node);
                return new NatObservation(member, await RunAsync(member, NatRepairScripts.Observe()).ConfigureAwait(false));
            }
        );

    /// <summary>Installs the rule where it is needed and missing, after confirmation for each node.</summary>
    /// <param name="observations">The hosts as read.</param>
    /// <param name="told">Receives the number of nodes left, before the first and after each.</param>
    /// <returns>The hosts in their new state; a node that failed is reported as an error and omitted.</returns>
    public async Task<IReadOnlyList<NatObservation>> ApplyAsync(IReadOnlyList<NatObservation> observations, Action<int>? told = null)
    {
        var agreed = await AskAsync(observations).ConfigureAwait(false);
        var left = agreed.Count;
        if (left > 0)
            told?.Invoke(left);
        var repaired = await NodeSet
            .ForEachAsync(
                context,
                agreed.Select(observation => observation.Member.Node).ToList(),
                throttleLimit,
                async node =>
                {
                    var member = agreed.First(observation => observation.Member.Node == node).Member;
                    var after = await RunAsync(member, NatRepairScripts.Apply(dataPathPort)).ConfigureAwait(false);
                    told?.Invoke(Interlocked.Decrement(ref left));
                    return Judge(new NatObservation(member, after));
                }
            )
            .ConfigureAwait(false);
        return
        [
            .. observations
                .Select(observation =>
                    agreed.Contains(observation) ? repaired.FirstOrDefault(after => after.Member == observation.Member) : observation
                )
                .OfType<NatObservation>(),
        ];
    }

    /// <summary>Removes the rule, its file and its unit, without confirmation. A node that failed is reported as an error.</summary>
    public Task RemoveAsync(IReadOnlyList<NatObservation> observations) =>
        NodeSet.ForEachAsync(
            context,
            observations.Select(observation => observation.Member.Node).ToList(),
            throttleLimit,
            async node =>
            {
                var member = observations.First(observation => observation.Member.Node == node).Member;
                var report = await RunAsync(member, NatRepairScripts.Remove()).ConfigureAwait(false);
                return report.HasTrace || report.Failures.Count > 0
                    ? throw NatRepairErrors.NatRepairNotRemoved(node, Reason(report))
                    : report;
            }
        );

    /// <summary>The state of each node for users; unknown for a node that could not be read.</summary>
    public IReadOnlyList<NatRepairState> Describe(IReadOnlyList<NodeObservation> members, IReadOnlyList<NatObservation> observations)
    {
        var needed = IsNeeded(observations);
        return
        [
            .. members.Select(member =>
                observations.FirstOrDefault(observation => observation.Member == member) is { } known
                    ? new NatRepairState
                    {
                        Node = member.Node.Name,
                        BehindNat = known.IsBehindNat,
                        RuleNeeded = needed,
                        RuleActive = known.Report.IsActive(dataPathPort),
                        RulePersistent = known.Report.IsPersistent(dataPathPort),
                    }
                    : new NatRepairState { Node = member.Node.Name }
            ),
        ];
    }

    private async Task<List<NatObservation>> AskAsync(IReadOnlyList<NatObservation> observations)
    {
        var agreed = new List<NatObservation>();
        if (!IsNeeded(observations))
            return agreed;
        foreach (var observation in observations)
        {
            if (observation.Report.IsActive(dataPathPort) && observation.Report.IsPersistent(dataPathPort))
                continue;
            var install = observation.Report.HasNft ? "Install" : "Install the package nftables and";
            var action = $"{install} the NAT rule for encrypted overlay networks, loaded at boot by {NatRepairFiles.UnitName}";
            if (await context.ShouldProcessAsync(observation.Member.Node.Name, action).ConfigureAwait(false))
                agreed.Add(observation);
        }

        return agreed;
    }

    private NatObservation Judge(NatObservation observation)
    {
        var (node, report) = (observation.Member.Node, observation.Report);
        if (report.Failures.TryGetValue(NatRepairScripts.InstallStep, out var why))
            throw NatRepairErrors.NftablesMissing(node, LastLine(why));
        if (!report.IsPersistent(dataPathPort))
            throw NatRepairErrors.NatRepairFailed(node, Reason(report));
        if (report.Failures.TryGetValue(NatRepairScripts.RuleStep, out var refusal))
            context.WriteWarning(
                $"'{node.Name}': the running kernel rejected the NAT rule ({LastLine(refusal)}). Most often it lacks nftables or its IPsec match (CONFIG_NFT_XFRM). "
                    + "The rule is stored on disk and is loaded again at boot; until it is active, encrypted overlay networks lose this node's packets."
            );
        else if (!report.IsActive(dataPathPort))
            throw NatRepairErrors.NatRepairFailed(node, "the rule was loaded, but the kernel does not list it");
        if (report.Failures.TryGetValue(NatRepairScripts.StartStep, out var start))
            context.WriteWarning(
                $"'{node.Name}': the NAT rule is active, but {NatRepairFiles.UnitName} did not start: {start.ReplaceLineEndings(" ")}"
            );
        return observation;
    }

    private async Task<NatRepairReport> RunAsync(NodeObservation member, string script)
    {
        var node = member.Node;
        CommandResult result;
        try
        {
            result = await member
                .Connection.RunAsync(new NodeCommand(script) { AsRoot = true, Timeout = timeout }, context.CancellationToken)
                .ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.ErrorId == nameof(TransportErrors.CommandsNotSupported))
        {
            throw NatRepairErrors.NatRepairNeedsShell(node, error);
        }

        if (!result.Succeeded && result.Error.Contains("sudo", StringComparison.Ordinal))
            throw NatRepairErrors.NatRepairNeedsRoot(node, LastLine(result.Error));
        var report =
            NatRepairReport.Parse(result.Output)
            ?? throw NatRepairErrors.NatRepairNotReadable(node, $"the host returned '{LastLine(result.Error + result.Output)}'");
        if (report.Addresses.Count == 0)
            throw NatRepairErrors.NatRepairNotReadable(node, "the host lists no addresses");
        return report.Hostname == member.Info.Name
            ? report
            : throw NatRepairErrors.EngineOnAnotherHost(node, member.Info.Name, report.Hostname);
    }

    private static string Reason(NatRepairReport report) =>
        report.Failures.Count == 0
            ? "the result could not be read from the host"
            : string.Join("; ", report.Failures.Select(failure => $"{failure.Key}: {LastLine(failure.Value)}"));

    private static string LastLine(string text) => text.Trim().Split('\n')[^1].Trim();
}
