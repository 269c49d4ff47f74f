using System.Collections.Concurrent;

namespace SwarmOps.Transport;

/// <summary>Counts the round trips that one cmdlet makes to each node: over a WAN they dominate the run time.</summary>
internal sealed class CallLedger
{
    private static readonly AsyncLocal<CallLedger?> Ambient = new();
    private readonly ConcurrentDictionary<string, (int Calls, int Commands)> counts = new(StringComparer.Ordinal);

    /// <summary>The ledger of the cmdlet that the current work belongs to.</summary>
    public static CallLedger? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>The round trips that wait for each other.</summary>
    public CallChain Chain { get; } = new();

    /// <summary>Counts a request to a node's engine.</summary>
    public void AddCall(string node) => counts.AddOrUpdate(node, (1, 0), static (_, old) => (old.Calls + 1, old.Commands));

    /// <summary>Counts a command on a node's host.</summary>
    public void AddCommand(string node) => counts.AddOrUpdate(node, (0, 1), static (_, old) => (old.Calls, old.Commands + 1));

    /// <summary>The counts, one line per node.</summary>
    public IEnumerable<(string Node, string Calls)> Summary() =>
        counts
            .ToArray()
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => (entry.Key, $"{Count(entry.Value.Calls, "engine call")}, {Count(entry.Value.Commands, "command")}"));

    /// <summary>The length of the critical path as text; null when nothing was asked.</summary>
    public string? CriticalPath() => Chain.Length == 0 ? null : $"Critical path: {Count(Chain.Length, "round trip")}";

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";
}
