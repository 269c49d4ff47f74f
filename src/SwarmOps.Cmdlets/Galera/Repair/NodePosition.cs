using System.Globalization;
using SwarmOps.Galera.State;

namespace SwarmOps.Galera.Repair;

/// <summary>The position of a node's data: from its container if it runs, else from its disk.</summary>
internal sealed record NodePosition
{
    /// <summary>Name of the host.</summary>
    public required string Node { get; init; }

    /// <summary>Its segment; among equal nodes the lowest segment is preferred.</summary>
    public int Segment { get; init; }

    /// <summary>Its state UUID; null if it has no data or the position is unknown.</summary>
    public string? Uuid { get; init; }

    /// <summary>Its seqno.</summary>
    public long? Seqno { get; init; }

    /// <summary>Whether grastate.dat says that it was the last node to leave.</summary>
    public bool SafeToBootstrap { get; init; }

    /// <summary>Why its position is unknown; null if it is known. The position of a node without data is known.</summary>
    public string? Unknown { get; init; }

    /// <summary>Whether an earlier run was interrupted while it moved the data aside: no server may be started on incomplete data, not even to recover its position.</summary>
    public bool IsMoving { get; init; }

    /// <summary>Whether it has data at a known position.</summary>
    public bool Holds => Unknown is null && Uuid is not null;

    /// <summary>Combines a node's own report with its disk.</summary>
    /// <param name="node">The node's own report.</param>
    /// <param name="disk">Its disk; null if it could not be read.</param>
    /// <param name="why">Why it could not be read.</param>
    public static NodePosition Of(GaleraNode node, DiskState? disk, string? why)
    {
        var known = new NodePosition
        {
            Node = node.Node,
            Segment = node.Segment ?? 0,
            SafeToBootstrap = disk?.SafeToBootstrap is true,
            IsMoving = disk?.IsMoving is true,
        };
        if (node.IsHostLost)
            return known with { Unknown = node.Error };
        if (disk is null)
            return known with { Unknown = why ?? "its disk could not be read" };
        if (node.IsSilent)
            return known with { Unknown = $"its server is running but does not report its state ({node.Error})" };
        if (disk.IsMoving)
            return known with { Unknown = "an earlier run was interrupted while it moved the data aside" };
        if (node.DirectoryId is { } seen && disk.Identity is { } present && seen != present)
            return known with
            {
                Unknown =
                    $"its container does not use the current content of {disk.Real}, because something was mounted or moved there after the container started; restart it with Update-SwarmService -Name {node.Service} -Force",
            };
        if (node is { Uuid: not null, Seqno: >= 0 })
            return known with { Uuid = node.Uuid, Seqno = node.Seqno };
        if (disk is { Uuid: not null, Seqno: not null })
            return known with { Uuid = disk.Uuid, Seqno = disk.Seqno };
        if (disk.Files == 0)
        {
            return node.HeldHistory is { } held && disk.Emptied is null
                ? known with
                {
                    Unknown =
                        $"its directory {disk.Real} is empty, but it held data with the state UUID {held}: the disk is not mounted or was lost",
                }
                : known;
        }

        return known with
        {
            Unknown =
                node.State == GaleraReport.Recovering ? "it is still recovering its position"
                : disk.Uuid is null ? "its files have no state UUID: they are from an interrupted state transfer or another database"
                : $"its shutdown was not clean, and {(node.State == GaleraReport.NotRunning ? "its container is not running, so its position was not recovered" : "its container could not recover its position")}{(node.Error is { Length: > 0 } error ? $" ({error})" : "")}",
        };
    }

    /// <summary>Node and position as text.</summary>
    public override string ToString()
    {
        if (Unknown is not null)
            return $"{Node}: unknown ({Unknown})";
        return Holds
            ? string.Create(CultureInfo.InvariantCulture, $"{Node}: {Uuid}:{Seqno}{(SafeToBootstrap ? " (safe_to_bootstrap: 1)" : "")}")
            : $"{Node}: no data";
    }
}
