using System.Globalization;
using SwarmOps.Transport;

namespace SwarmOps.Nodes.Reachability;

/// <summary>Builds the commands of ReachabilityProbe.pl and parses its output.</summary>
/// <param name="session">A random word that marks this probe's packets.</param>
internal sealed class ProbeScript(string session)
{
    /// <summary>
    /// Runs perl from standard input; through sudo where possible when the user is not root, since raw sockets need root.
    /// </summary>
    private const string Shell = """
        command -v perl >/dev/null 2>&1 || { echo noperl; exit 0; }
        if [ "$(id -u)" -ne 0 ] && sudo -n true </dev/null >/dev/null 2>&1; then exec sudo -n perl -; fi
        exec perl -
        """;

    private static readonly Lazy<string> Program = new(() => EmbeddedText.Read("ReachabilityProbe.pl"));

    /// <summary>Starts a responder on a node.</summary>
    /// <param name="node">The node's number.</param>
    /// <param name="targets">The targets that will be sent to it.</param>
    /// <param name="life">The time after which it ends by itself.</param>
    public NodeCommand Listen(int node, IEnumerable<ProbeTarget> targets, TimeSpan life)
    {
        var ports = targets.Select(target => $"listen {Word(target.Protocol)} {target.Port}").Distinct();
        return Command("listen", [$"node {node}", $"life {Seconds(life)}", .. ports], TimeSpan.FromSeconds(30));
    }

    /// <summary>Probes targets.</summary>
    /// <param name="targets">The targets, each with its number and the number of the node whose responder must answer; null for whatever listens there.</param>
    /// <param name="timeout">Time limit of an answer.</param>
    public NodeCommand Probe(IEnumerable<(int Id, ProbeTarget Target, int? Responder)> targets, TimeSpan timeout)
    {
        var lines = targets.Select(entry =>
            $"target {entry.Id} {Word(entry.Target.Protocol)} {entry.Target.Address} {entry.Target.Port} {entry.Responder?.ToString(CultureInfo.InvariantCulture) ?? "-"}"
        );
        return Command("probe", [$"timeout {Seconds(timeout)}", .. lines], timeout + TimeSpan.FromSeconds(30));
    }

    /// <summary>Reads from a node's responder what arrived, and ends it.</summary>
    /// <param name="expected">Numbers of the probes that should arrive.</param>
    /// <param name="patience">How long to wait for those that have not.</param>
    public NodeCommand Collect(IEnumerable<int> expected, TimeSpan patience) =>
        Command(
            "collect",
            [$"patience {Seconds(patience)}", .. expected.Select(id => $"expect {id}")],
            patience + TimeSpan.FromSeconds(30)
        );

    /// <summary>Reads the answer to <see cref="Listen"/>.</summary>
    public static ResponderReport ReadListen(CommandResult result)
    {
        var lines = Fields(result.Output);
        if (FailureOf(result, lines, "ready") is { } failure)
            return new ResponderReport { Failure = failure };
        var ports = lines
            .Where(line => line[0] is "tcp" or "udp" && line.Length == 3)
            .ToLookup(line => line[2], line => $"{line[0]}/{line[1]}");
        return new ResponderReport
        {
            Own = ports["own"].ToHashSet(),
            Taken = ports["taken"].ToHashSet(),
            SeesAllUdp = lines.Any(line => line is ["raw", _, "own"]),
            SeesEsp = lines.Any(line => line is ["esp", _, "own"]),
        };
    }

    /// <summary>Reads the answer to <see cref="Probe"/>.</summary>
    public static ProberReport ReadProbe(CommandResult result)
    {
        var lines = Fields(result.Output);
        if (FailureOf(result, lines, "probed") is { } failure)
            return new ProberReport { Failure = failure };
        return new ProberReport
        {
            Results = lines
                .Where(line => line is ["result", _, _, _])
                .ToDictionary(line => Number(line[1]), line => (line[2], Number(line[3]))),
        };
    }

    /// <summary>Reads the answer to <see cref="Collect"/>; null when the responder had ended.</summary>
    public static IReadOnlySet<int>? ReadCollect(CommandResult result)
    {
        var lines = Fields(result.Output);
        return lines.Any(line => line is ["collected"])
            ? lines.Where(line => line is ["seen", _]).Select(line => Number(line[1])).ToHashSet()
            : null;
    }

    private static string? FailureOf(CommandResult result, List<string[]> lines, string last)
    {
        if (lines.Any(line => line[0] == "noperl"))
            return "perl is not installed there (perl-base is part of Debian and Ubuntu)";
        if (lines.Any(line => line[0] == last))
            return null;
        var words = result.Error.Trim().Split('\n')[^1];
        return words.Length > 0
            ? $"the test program failed: {words}"
            : $"the test program ended with exit code {result.ExitCode} without output";
    }

    private static List<string[]> Fields(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static string Word(ProbeProtocol protocol) => protocol.ToString().ToLowerInvariant();

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    private NodeCommand Command(string mode, IEnumerable<string> lines, TimeSpan timeout) =>
        new(Shell)
        {
            Input = $"{Program.Value}__DATA__\nmode {mode}\nsession {session}\n{string.Join('\n', lines)}\n",
            IsInputPublic = true,
            Timeout = timeout,
        };
}
