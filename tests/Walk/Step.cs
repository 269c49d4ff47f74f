using System.Globalization;

namespace SwarmOps.Tests.Walk;

/// <summary>What goes wrong in a step.</summary>
internal enum FaultKind
{
    None,

    /// <summary>A host reboots in order.</summary>
    Reboot,

    /// <summary>A host is reset.</summary>
    HardReboot,

    /// <summary>A host loses its power until the heal.</summary>
    PowerOff,

    /// <summary>An engine is killed and stays down until the heal.</summary>
    EngineKilled,

    /// <summary>A region is cut off from the others, and sometimes from the administrators.</summary>
    Cut,

    /// <summary>Packets to a port of a host are lost.</summary>
    DropPort,

    /// <summary>The disk below an engine is full.</summary>
    FullDisk,

    /// <summary>All hosts but one lose their power; the engine of that one is restarted.</summary>
    Outage,

    /// <summary>All hosts are reset at once.</summary>
    PowerCut,
}

/// <summary>When a fault is taken back.</summary>
internal enum Heal
{
    /// <summary>When both lines have ended.</summary>
    AfterLines,

    /// <summary>After some seconds, while the lines may still run.</summary>
    Meanwhile,

    /// <summary>Not before the lines of the next step have ended, which brings no fault of its own.</summary>
    NextStep,
}

/// <summary>A fault: what, where, when it begins after the lines were started, and when it is taken back.</summary>
/// <param name="Host">Index of the host; of a cut, of one in the region.</param>
/// <param name="Detail">The port, or <c>--keep-admin</c>.</param>
internal sealed record Fault(FaultKind Kind, int Host, string Detail, int AfterMilliseconds, Heal Heal, int HealAfterSeconds)
{
    public static Fault None { get; } = new(FaultKind.None, 0, "", 0, Heal.AfterLines, 0);

    public string Describe(IReadOnlyList<WalkHost> hosts) =>
        Kind switch
        {
            FaultKind.None => "no fault",
            FaultKind.PowerCut => "all hosts reset",
            FaultKind.Outage => $"all hosts but {hosts[Host].Name} off, its engine restarted",
            FaultKind.Cut => $"region {hosts[Host].Region} cut off{(Detail.Length > 0 ? " (not for administrators)" : "")}",
            FaultKind.DropPort => $"{Detail} dropped at {hosts[Host].Name}",
            _ => $"{Kind} of {hosts[Host].Name}",
        }
        + (
            Kind == FaultKind.None
                ? ""
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $" {(AfterMilliseconds == 0 ? "before the lines" : $"{AfterMilliseconds / 1000.0:0.0} s after the start")}, healed {(Heal == Heal.Meanwhile ? $"after {HealAfterSeconds} s" : Heal == Heal.NextStep ? "in the next step" : "after the lines")}"
                )
        );
}

/// <summary>What a line does to the names that the walk keeps a ledger of.</summary>
/// <param name="Kind"><c>secret</c>, <c>config</c> or <c>service</c>.</param>
/// <param name="IsRemoval">Whether it is taken away.</param>
internal sealed record Effect(string Kind, string Name, bool IsRemoval);

/// <summary>A line of one administrator.</summary>
/// <param name="Title">What it is called in the output.</param>
/// <param name="Text">The line, in terms of <c>$all</c>, the nodes.</param>
/// <param name="KillAt">The remote call before which the process kills itself; 0 for none.</param>
internal sealed record AdminLine(string Title, string Text, int KillAt, Effect? Effect = null)
{
    public override string ToString() =>
        KillAt == 0 ? Title : string.Create(CultureInfo.InvariantCulture, $"{Title} (killed at call {KillAt})");
}

/// <summary>One step: a fault, and the lines of the two administrators, of whom the second may rest or begin later.</summary>
/// <param name="KeepsManagerCount">Whether the closing pipeline leaves the number of managers as it is, if it is odd.</param>
internal sealed record Step(int Number, Fault Fault, IReadOnlyList<AdminLine> Lines, int SecondAfterMilliseconds, bool KeepsManagerCount);
