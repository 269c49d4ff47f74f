using System.Globalization;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Swarm;

/// <summary>
/// Tries, from the leader's host, the address at which the leader must dial a manager-to-be: the dial is what a promotion stands or falls with
/// (swarmkit, <c>RaftMembership.Join</c>).
/// </summary>
internal static class ControlPortProbe
{
    /// <summary>How long the leader itself tries (swarmkit dials a joining manager for 5 s).</summary>
    private const int DialSeconds = 5;

    /// <summary>Connects with what every Debian and Ubuntu host (perl-base) or else most hosts (bash with timeout) have; prints one line an address.</summary>
    private const string Script = """
        probe() {
            if command -v perl >/dev/null 2>&1; then
                perl -e 'use Socket qw(:DEFAULT getaddrinfo AI_NUMERICHOST); my ($h, $p, $t) = @ARGV;
                    my ($e, $a) = getaddrinfo($h, $p, {flags => AI_NUMERICHOST, socktype => SOCK_STREAM}); if ($e) { print "$h failed $e\n"; exit }
                    socket(my $s, $a->{family}, SOCK_STREAM, 0) or do { print "$h failed $!\n"; exit };
                    $SIG{ALRM} = sub { print "$h timeout\n"; exit }; alarm $t;
                    if (connect($s, $a->{addr})) { print "$h open\n" } elsif ($!{ECONNREFUSED}) { print "$h refused\n" } else { print "$h failed $!\n" }' "$1" "$2" "$3"
            elif command -v bash >/dev/null 2>&1 && command -v timeout >/dev/null 2>&1; then
                said=$(timeout "$3" bash -c ': </dev/tcp/$0/$1' "$1" "$2" 2>&1); code=$?
                case "$code:$said" in
                    0:*) echo "$1 open" ;;
                    124:*) echo "$1 timeout" ;;
                    *refused*) echo "$1 refused" ;;
                    *) echo "$1 failed ${said##*: }" ;;
                esac
            fi
        }
        """;

    /// <summary>Tries addresses at 2377/tcp from a node's host, all at once. An address that could not be tried is missing in the answer.</summary>
    public static async Task<IReadOnlyDictionary<string, ControlPortResult>> TryAsync(IOperationContext context, INodeConnection from, IReadOnlyCollection<string> addresses)
    {
        if (addresses.Count == 0)
            return new Dictionary<string, ControlPortResult>();
        var calls = addresses.Select(address => string.Create(CultureInfo.InvariantCulture, $"probe {ShellCommand.Quote(address)} {SwarmPorts.Control} {DialSeconds} &"));
        try
        {
            var command = new NodeCommand($"{Script}\n{string.Join('\n', calls)}\nwait") { Timeout = TimeSpan.FromSeconds(DialSeconds * 2) };
            var result = await from.RunAsync(command, context.CancellationToken).ConfigureAwait(false);
            return Parse(result.Output);
        }
        catch (SwarmOpsException error)
        {
            context.WriteVerbose($"Port {SwarmPorts.Control} could not be tried from {from.Node.Name}: {error.Message}");
            return new Dictionary<string, ControlPortResult>();
        }
    }

    /// <summary>Reads the lines that the script prints.</summary>
    public static IReadOnlyDictionary<string, ControlPortResult> Parse(string output)
    {
        var results = new Dictionary<string, ControlPortResult>(StringComparer.Ordinal);
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = line.Split(' ', 3);
            if (words.Length < 2)
                continue;
            results[words[0]] = words[1] switch
            {
                "open" => new ControlPortResult(true, "open"),
                "refused" => new ControlPortResult(true, "refused, nothing listens there"),
                "timeout" => new ControlPortResult(false, string.Create(CultureInfo.InvariantCulture, $"no answer within {DialSeconds} s")),
                _ => new ControlPortResult(false, words.Length > 2 ? words[2] : "failed"),
            };
        }

        return results;
    }
}
