namespace SwarmOps.Nodes.Reachability;

/// <summary>Determines the outcome of a probe from the reports of both ends.</summary>
/// <param name="nodes">The nodes, by number.</param>
/// <param name="responders">The reports of their responders, by number.</param>
/// <param name="timeout">The time limit of an answer.</param>
internal sealed class ProbeJudge(IReadOnlyList<SwarmNode> nodes, IReadOnlyDictionary<int, ResponderReport> responders, TimeSpan timeout)
{
    /// <summary>The resolution of perl-base's clock (times(2)), in milliseconds.</summary>
    private const int ClockTick = 10;

    /// <summary>Determines the outcome of one probe.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="target">The target.</param>
    /// <param name="to">Number of the node that is expected at the address; null when none is.</param>
    /// <param name="prober">The sender's report.</param>
    public ProbeResult Judge(int id, ProbeTarget target, int? to, ProberReport prober)
    {
        if (prober.Failure is { } failure)
            return NotTested(target, $"'{target.From.Name}' could not send: {failure}");
        if (!prober.Results.TryGetValue(id, out var seen))
            return NotTested(target, $"'{target.From.Name}' reported no result");
        var responder = to is { } number ? responders.GetValueOrDefault(number) : null;
        return target.Protocol == ProbeProtocol.Tcp
            ? JudgeTcp(target, seen.Status, seen.Milliseconds, responder)
            : JudgePacket(id, target, seen.Status, to, responder);
    }

    private ProbeResult JudgeTcp(ProbeTarget target, string status, int milliseconds, ResponderReport? responder)
    {
        var own = responder?.Own.Contains(ResponderReport.PortKey(target)) is true;
        return status switch
        {
            "open" => new ProbeResult(
                target,
                ProbeOutcome.Reached,
                $"{target.Address} answered in {(milliseconds < ClockTick ? $"less than {ClockTick}" : milliseconds)} ms{(own ? " (a listener started for the test)" : "")}"
            ),
            "silent" => new ProbeResult(
                target,
                ProbeOutcome.WrongHost,
                $"{target.Address} answers, but not through the test listener on '{target.To!.Name}': the address belongs to another machine"
            ),
            "timeout" => NoAnswer(target),
            "error:ECONNREFUSED"
                when target.To is not null && !own && responder?.Taken.Contains(ResponderReport.PortKey(target)) is not true => NotTested(
                target,
                $"{target.Address} refused the connection, and no test listener could be started on '{target.To.Name}': {responder?.Failure ?? "the port is not available there"}"
            ),
            _ when status.StartsWith("other:", StringComparison.Ordinal) => WrongHost(
                target,
                int.Parse(status["other:".Length..], System.Globalization.CultureInfo.InvariantCulture)
            ),
            _ => FromError(target, status, own),
        };
    }

    private ProbeResult JudgePacket(int id, ProbeTarget target, string status, int? to, ResponderReport? responder)
    {
        if (status == "denied")
            return NotTested(target, $"sending needs root on '{target.From.Name}', or sudo without a password");
        if (to is null || responder is null)
            return NotTested(target, "the other end could not be observed");
        if (responder.Failure is { } failure)
            return NotTested(target, $"arrival on '{target.To!.Name}' could not be observed: {failure}");
        if (!responder.WouldSee(target))
            return NotTested(target, $"observing arrival needs root on '{target.To!.Name}', or sudo without a password");
        if (responder.Seen is null)
            return NotTested(target, $"the test listener on '{target.To!.Name}' ended before its result was read");
        if (responder.Seen.Contains(id))
            return new ProbeResult(target, ProbeOutcome.Reached, $"the packet arrived on '{target.To!.Name}'");
        foreach (var (other, report) in responders)
        {
            if (report.Seen?.Contains(id) is true)
                return WrongHost(target, other);
        }

        return status == "sent" ? NoAnswer(target) : FromError(target, status, responder.Own.Contains(ResponderReport.PortKey(target)));
    }

    private static ProbeResult FromError(ProbeTarget target, string status, bool listens) =>
        status switch
        {
            "error:ECONNREFUSED" => new ProbeResult(
                target,
                ProbeOutcome.Refused,
                listens
                    ? $"{target.Address} refused the connection although a listener is running: a firewall rejects it"
                    : $"{target.Address} refused the connection: nothing listens there, or a firewall rejects it"
            ),
            "error:EHOSTUNREACH" or "error:ENETUNREACH" or "error:EADDRNOTAVAIL" or "error:EAFNOSUPPORT" => new ProbeResult(
                target,
                ProbeOutcome.Unreachable,
                $"'{target.From.Name}' has no route to {target.Address}, or a firewall reports so ({Name(status)})"
            ),
            "error:EPERM" or "error:EACCES" => new ProbeResult(
                target,
                ProbeOutcome.Refused,
                $"the firewall of '{target.From.Name}' blocks the outbound packet ({Name(status)})"
            ),
            "error:ETIMEDOUT" or "error:ECONNRESET" => new ProbeResult(
                target,
                ProbeOutcome.NoAnswer,
                $"the connection to {target.Address} broke ({Name(status)})"
            ),
            _ => new ProbeResult(target, ProbeOutcome.Unreachable, $"sending to {target.Address} failed ({Name(status)})"),
        };

    private static string Name(string status) => status[(status.IndexOf(':', StringComparison.Ordinal) + 1)..];

    private static ProbeResult NotTested(ProbeTarget target, string why) => new(target, ProbeOutcome.NotTested, why);

    private ProbeResult NoAnswer(ProbeTarget target) =>
        new(
            target,
            ProbeOutcome.NoAnswer,
            target.Protocol == ProbeProtocol.Tcp
                ? $"{target.Address} did not answer within {timeout.TotalSeconds:0.#} s: packets are dropped in transit, or no host has this address"
                : $"no packet arrived on '{target.To!.Name}' within {timeout.TotalSeconds:0.#} s: packets are dropped in transit"
        );

    private ProbeResult WrongHost(ProbeTarget target, int other) =>
        new(
            target,
            ProbeOutcome.WrongHost,
            $"{target.Address} belongs to '{(other < nodes.Count ? nodes[other].Name : "another node")}', not to '{target.To!.Name}'"
        );
}
