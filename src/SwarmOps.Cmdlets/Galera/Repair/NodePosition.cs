using System.Globalization;
using SwarmOps.Galera.State;

namespace SwarmOps.Galera.Repair;

/// <summary>How far a node's data is: from inside its container where it runs, else from its disk.</summary>
internal sealed record NodePosition
{
    /// <summary>Name of the host.</summary>
    public required string Node { get; init; }

    /// <summary>Its segment; the lower is taken where all else is equal.</summary>
    public int Segment { get; init; }

    /// <summary>The history that it holds; null when it holds nothing, or is not known.</summary>
    public string? Uuid { get; init; }

    /// <summary>The last transaction of it.</summary>
    public long? Seqno { get; init; }

    /// <summary>Whether Galera says that it was the last to leave.</summary>
    public bool SafeToBootstrap { get; init; }

    /// <summary>Why its position is not known; null when it is. A node that holds nothing is known.</summary>
    public string? Unknown { get; init; }

    /// <summary>Whether its data was being moved aside when that run was ended: no server may be started on half of it, not even to ask how far it is.</summary>
    public bool IsMoving { get; init; }

    /// <summary>Whether there is data of a known position.</summary>
    public bool Holds => Unknown is null && Uuid is not null;

    /// <summary>Takes together what a node says and what lies on its disk.</summary>
    /// <param name="node">As it describes itself.</param>
    /// <param name="disk">Its disk; null when it could not be read.</param>
    /// <param name="why">Why not.</param>
    public static NodePosition Of(GaleraNode node, DiskState? disk, string? why)
    {
        var known = new NodePosition { Node = node.Node, Segment = node.Segment ?? 0, SafeToBootstrap = disk?.SafeToBootstrap is true, IsMoving = disk?.IsMoving is true };
        if (node.IsHostLost)
            return known with { Unknown = node.Error };
        if (disk is null)
            return known with { Unknown = why ?? "its disk could not be read" };
        if (node.IsSilent)
            return known with { Unknown = $"its server runs and does not say how it is ({node.Error})" };
        if (disk.IsMoving)
            return known with { Unknown = "its data was being moved aside when that run was ended" };
        if (node.DirectoryId is { } seen && disk.Identity is { } present && seen != present)
            return known with { Unknown = $"its container does not see what is in {disk.Real} now: something was mounted or moved there after it started (Update-SwarmService -Name {node.Service} -Force)" };
        if (node is { Uuid: not null, Seqno: >= 0 })
            return known with { Uuid = node.Uuid, Seqno = node.Seqno };
        if (disk is { Uuid: not null, Seqno: not null })
            return known with { Uuid = disk.Uuid, Seqno = disk.Seqno };
        if (disk.Files == 0)
        {
            return node.HeldHistory is { } held && disk.Emptied is null
                ? known with { Unknown = $"its directory {disk.Real} is empty, and it held data of the history {held}: a disk that is not mounted, or was lost" }
                : known;
        }

        return known with
        {
            Unknown = node.State == GaleraReport.Recovering ? "it is still recovering its position"
                : disk.Uuid is null
                ? "its files belong to no history: a state transfer that was cut off, or another database"
                : $"it did not end in order, and {(node.State == GaleraReport.NotRunning ? "its container does not run, so its position is not recovered" : "its container did not find its position")}{(node.Error is { Length: > 0 } error ? $" ({error})" : "")}",
        };
    }

    /// <summary>Node and position in words.</summary>
    public override string ToString()
    {
        if (Unknown is not null)
            return $"{Node}: unknown ({Unknown})";
        return Holds
            ? string.Create(CultureInfo.InvariantCulture, $"{Node}: {Uuid}:{Seqno}{(SafeToBootstrap ? " (safe_to_bootstrap: 1)" : "")}")
            : $"{Node}: no data";
    }
}
