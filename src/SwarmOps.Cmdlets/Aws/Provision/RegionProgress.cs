using System.Collections.Concurrent;
using SwarmOps.Aws.Cluster;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Provision;

/// <summary>One progress line per region, and one for all.</summary>
internal sealed class RegionProgress(IOperationContext context, IReadOnlyList<string> regions)
{
    private const string Activity = "New-SwarmRegionNode";

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, string>> states = new(StringComparer.Ordinal);
    private int total;
    private int done;

    /// <summary>Sets the number of nodes.</summary>
    public void Expect(int nodes) => total = nodes;

    /// <summary>Shows what is done for a whole region.</summary>
    public void Tell(string region, string text) => Write(region, text, false);

    /// <summary>Shows what is done for a node.</summary>
    public void Tell(string region, string node, string text)
    {
        var nodes = states.GetOrAdd(region, _ => new ConcurrentDictionary<string, string>(StringComparer.Ordinal));
        if (nodes.TryGetValue(node, out var before) && before == text)
            return;
        nodes[node] = text;
        context.WriteVerbose($"{node}: {text}");
        // Copied first, because LINQ counts and copies in two steps while nodes are added concurrently.
        Write(
            region,
            string.Join(
                "; ",
                nodes.ToArray().OrderBy(entry => entry.Key, NodeNameOrder.Comparer).Select(entry => $"{entry.Key}: {entry.Value}")
            ),
            false
        );
    }

    /// <summary>A node is ready or has failed.</summary>
    public void Finish(string region, string node, string text)
    {
        Tell(region, node, text);
        var count = Interlocked.Increment(ref done);
        context.WriteProgress(
            new OperationProgress(0, Activity, $"{count} of {total} nodes finished", total == 0 ? -1 : 100 * count / total)
        );
    }

    /// <summary>A region is finished.</summary>
    public void Finish(string region) => Write(region, "Done", true);

    /// <summary>All regions are finished.</summary>
    public void Finish() => context.WriteProgress(new OperationProgress(0, Activity, "Done", 100, Completed: true));

    private void Write(string region, string text, bool completed) =>
        context.WriteProgress(new OperationProgress(1 + regions.ToList().IndexOf(region), region, text, Completed: completed));
}
