using System.Globalization;
using SwarmOps.Pipeline;

namespace SwarmOps.Folders.Formation;

/// <summary>Waits until copies have the same files, and shows progress. A first copy may take hours: the time limit applies to a standstill.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="read">Reads the folder.</param>
/// <param name="activity">The activity in the progress display.</param>
internal sealed class FolderWait(IOperationContext context, Func<Task<SwarmSharedFolder>> read, string activity)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Waits for the copies on given nodes.</summary>
    /// <param name="nodes">Names of the nodes.</param>
    /// <param name="limit">How long nothing may change.</param>
    /// <exception cref="SwarmOpsException"><c>FolderNotInSync</c>.</exception>
    public async Task<SwarmSharedFolder> ForAsync(IReadOnlyList<string> nodes, TimeSpan limit)
    {
        var (deadline, last) = (Deadline.In(limit), "");
        while (true)
        {
            var folder = await read().ConfigureAwait(false);
            var copies = folder.Copies.Where(copy => nodes.Contains(copy.Node)).ToList();
            if (copies.Count == nodes.Count && AreInSync(copies))
                return folder;
            var state = string.Join('\n', copies.Select(Measure));
            if (state != last)
                (deadline, last) = (Deadline.In(limit), state);
            Say(copies);
            if (!deadline.LeavesTimeFor(Pause))
                throw FolderErrors.FolderNotInSync(folder.Name, [.. copies.Where(copy => !IsInSync(copy, copies)).Select(Words)], limit);
            await Task.Delay(Pause, context.CancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether copies have the same files and are connected with each other; a copy that is not waited for does not count.</summary>
    internal static bool AreInSync(IReadOnlyList<SwarmSharedFolderCopy> copies) =>
        copies.All(copy => IsInSync(copy, copies)) && copies.Select(copy => (copy.Files, copy.Bytes)).Distinct().Count() == 1;

    private static bool IsInSync(SwarmSharedFolderCopy copy, IReadOnlyList<SwarmSharedFolderCopy> others) =>
        copy is { State: SwarmSharedFolderState.InSync or SwarmSharedFolderState.Disconnected, ItemsBehind: 0 }
        && others.All(other => other == copy || copy.ConnectedNodes.Contains(other.Node));

    /// <summary>Whatever changes while there is progress.</summary>
    private static string Measure(SwarmSharedFolderCopy copy) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{copy.Node} {copy.State} {copy.ItemsBehind} {copy.BytesBehind} {copy.Files} {copy.Bytes} {string.Join(',', copy.ConnectedNodes)}"
        );

    private static string Words(SwarmSharedFolderCopy copy)
    {
        var behind = copy.ItemsBehind > 0 ? $", {copy.ItemsBehind} items and {FolderErrors.Size(copy.BytesBehind ?? 0)} behind" : "";
        var connected = copy.BytesBehind is null
            ? ""
            : $", connected with {(copy.ConnectedNodes.Count == 0 ? "no node" : string.Join(", ", copy.ConnectedNodes))}";
        return $"'{copy.Node}' {copy.State}{behind}{connected}{(copy.Error is { } error ? $" ({error})" : "")}";
    }

    private void Say(IReadOnlyList<SwarmSharedFolderCopy> copies)
    {
        var done = copies.Count(copy => IsInSync(copy, copies));
        var behind = copies.Sum(copy => copy.BytesBehind ?? 0);
        var percent = copies.Count == 0 ? -1 : (int)copies.Average(copy => copy.Completion ?? 0);
        context.WriteProgress(
            new OperationProgress(
                0,
                activity,
                $"{done} of {copies.Count} nodes in sync{(behind > 0 ? $", {FolderErrors.Size(behind)} behind" : "")}",
                percent
            )
        );
    }
}
