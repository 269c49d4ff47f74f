using System.Globalization;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Recovery.Repairing;

/// <summary>The end of a manager's raft log, read from its disk. Of two logs, the one whose last entry has the higher term, and then the higher index, has more (raft, section 5.4.1).</summary>
/// <param name="Term">Term of its last entry.</param>
/// <param name="Index">Index of its last entry.</param>
/// <param name="Commit">Index up to which it is committed.</param>
internal sealed record RaftPosition(long Term, long Index, long Commit) : IComparable<RaftPosition>
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Reads it; null when it cannot be read, so that it is unknown.</summary>
    public static async Task<RaftPosition?> ReadAsync(IOperationContext context, NodeReport report)
    {
        if (report.Trace is not { HoldsRaft: true, Path: { Length: > 0 } path })
            return null;
        try
        {
            var command = new NodeCommand($"perl - {ShellCommand.Quote(path)}")
            {
                Input = EmbeddedText.Read("RaftPosition.pl"),
                AsRoot = true,
                Timeout = Limit,
            };
            var result = await context.Connection(report.Node).RunAsync(command, context.CancellationToken).ConfigureAwait(false);
            if (result.Succeeded && TryParse(result.Output) is { } position)
                return position;
            context.WriteVerbose($"{report.Node.Name}: the position of its raft log could not be read: {result.Error.Trim()}");
        }
        catch (SwarmOpsException error)
        {
            context.WriteVerbose($"{report.Node.Name}: the position of its raft log could not be read: {error.Message}");
        }

        return null;
    }

    /// <summary>Reads the script's output; null when it is something else.</summary>
    public static RaftPosition? TryParse(string output) =>
        output.Trim().Split(' ') is ["position", var term, var index, var commit]
        && long.TryParse(term, CultureInfo.InvariantCulture, out var last)
        && long.TryParse(index, CultureInfo.InvariantCulture, out var at)
        && long.TryParse(commit, CultureInfo.InvariantCulture, out var sure)
            ? new RaftPosition(last, at, sure)
            : null;

    public int CompareTo(RaftPosition? other) => other is null ? 1 : (Term, Index).CompareTo((other.Term, other.Index));

    /// <summary>Such as <c>index 812 of term 3</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"index {Index} of term {Term}");
}
