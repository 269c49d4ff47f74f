using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace SwarmOps.Swarm.Locking;

/// <summary>
/// A process as only its own machine can look for it: a run that was killed must not delay the same line on the same machine. The kernel's boot id tells a restart, the
/// namespace of process ids a container, the start time a number that was given out again. What cannot be told is taken for alive.
/// </summary>
/// <param name="MachineId">The machine (machine-id(5)).</param>
/// <param name="BootId">Its boot.</param>
/// <param name="Namespace">The namespace in which the process id counts.</param>
/// <param name="ProcessId">The process id.</param>
/// <param name="Started">When it started, in the kernel's ticks since the boot.</param>
internal sealed record ProcessIdentity(string MachineId, string BootId, string Namespace, int ProcessId, string Started)
{
    private const char Separator = ' ';

    private static readonly Lazy<ProcessIdentity?> Own = new(Read);

    /// <summary>The locks that this process holds: one that it holds no longer, and could not take away, is dead though the process lives.</summary>
    private static readonly ConcurrentDictionary<string, bool> Held = new(StringComparer.Ordinal);

    /// <summary>This process; null where the system does not tell (Windows, macOS), which only means that a killed run's lock is waited for.</summary>
    public static ProcessIdentity? Current => Own.Value;

    /// <summary>Notes that this process holds a lock.</summary>
    public static void Note(LockHolder holder) => Held[holder.Token] = true;

    /// <summary>Notes that it no longer does.</summary>
    public static void Forget(LockHolder holder) => Held.TryRemove(holder.Token, out _);

    /// <summary>Whether a lock's holder is known to be gone: it ran on this machine and its process has ended.</summary>
    public static bool IsGone(LockHolder? holder) => IsKnown(holder, out var lives) && !lives;

    /// <summary>Whether a lock's holder is known to live: it is a process of this machine.</summary>
    public static bool IsHere(LockHolder? holder) => IsKnown(holder, out var lives) && lives;

    private static bool IsKnown(LockHolder? holder, out bool lives)
    {
        lives = false;
        if (holder?.Process is not { } process || Current is not { } own || process.MachineId != own.MachineId)
            return false;
        // Another boot is a restart of this machine, or another machine that was cloned with its id: that one's holder may well live.
        if (process.BootId != own.BootId || process.Namespace != own.Namespace)
            return false;
        lives = process == own ? Held.ContainsKey(holder.Token) : IsAlive(process);
        return true;
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static ProcessIdentity? Parse(string? text) =>
        text?.Split(Separator) is { Length: 5 } parts && int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new ProcessIdentity(parts[0], parts[1], parts[2], id, parts[4])
            : null;

    /// <inheritdoc/>
    public override string ToString() => string.Join(Separator, MachineId, BootId, Namespace, ProcessId.ToString(CultureInfo.InvariantCulture), Started);

    private static bool IsAlive(ProcessIdentity process)
    {
        try
        {
            using var found = Process.GetProcessById(process.ProcessId);
        }
        catch (ArgumentException)
        {
            return false;
        }

        // A process that is there and says nothing of itself may be another user's.
        return Stat(process.ProcessId) is not { } stat || (stat.Started == process.Started && stat.State is not ("Z" or "X"));
    }

    private static ProcessIdentity? Read()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            var machine = File.ReadAllText("/etc/machine-id").Trim();
            var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
            var space = File.ResolveLinkTarget("/proc/self/ns/pid", returnFinalTarget: false)?.Name;
            var stat = Stat(Environment.ProcessId);
            return machine.Length == 0 || string.IsNullOrEmpty(space) || stat is null ? null : new ProcessIdentity(machine, boot, space, Environment.ProcessId, stat.Value.Started);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>State and start time (proc(5)): the fields after the program's name, which may hold anything.</summary>
    private static (string State, string Started)? Stat(int processId)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0], fields[19]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
