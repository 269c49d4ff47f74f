using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace SwarmOps.Swarm.Locking;

/// <summary>
/// Identifies a process on its own machine, so that an interrupted run does not delay the next one on the same machine. The boot id detects a restart, the
/// PID namespace a container, the start time a reused process id. When in doubt, a process counts as running.
/// </summary>
/// <param name="MachineId">The machine (machine-id(5)).</param>
/// <param name="BootId">Its boot.</param>
/// <param name="Namespace">The PID namespace.</param>
/// <param name="ProcessId">The process id.</param>
/// <param name="Started">When it started, in the kernel's ticks since the boot.</param>
internal sealed record ProcessIdentity(string MachineId, string BootId, string Namespace, int ProcessId, string Started)
{
    private const char Separator = ' ';

    private static readonly Lazy<ProcessIdentity?> Own = new(Read);

    /// <summary>The locks that this process holds: a lock that it no longer holds, but could not release, is abandoned although the process is running.</summary>
    private static readonly ConcurrentDictionary<string, bool> Held = new(StringComparer.Ordinal);

    /// <summary>This process; null where the system does not provide the data (Windows, macOS): then the lock of an interrupted run is waited for.</summary>
    public static ProcessIdentity? Current => Own.Value;

    /// <summary>Registers a lock of this process.</summary>
    public static void Note(LockHolder holder) => Held[holder.Token] = true;

    /// <summary>Unregisters a lock.</summary>
    public static void Forget(LockHolder holder) => Held.TryRemove(holder.Token, out _);

    /// <summary>Whether a lock's holder is known to have ended: it ran on this machine and its process no longer exists.</summary>
    public static bool IsGone(LockHolder? holder) => IsKnown(holder, out var lives) && !lives;

    /// <summary>Whether a lock's holder is known to be running: it is a process of this machine.</summary>
    public static bool IsHere(LockHolder? holder) => IsKnown(holder, out var lives) && lives;

    private static bool IsKnown(LockHolder? holder, out bool lives)
    {
        lives = false;
        if (holder?.Process is not { } process || Current is not { } own || process.MachineId != own.MachineId)
            return false;
        // Another boot id is a restart of this machine, or a clone with the same machine id, whose process may be running.
        if (process.BootId != own.BootId || process.Namespace != own.Namespace)
            return false;
        lives = process == own ? Held.ContainsKey(holder.Token) : IsAlive(process);
        return true;
    }

    /// <summary>Parses the text of <see cref="ToString"/>.</summary>
    public static ProcessIdentity? Parse(string? text) =>
        text?.Split(Separator) is { Length: 5 } parts && int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new ProcessIdentity(parts[0], parts[1], parts[2], id, parts[4])
            : null;

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(Separator, MachineId, BootId, Namespace, ProcessId.ToString(CultureInfo.InvariantCulture), Started);

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

        // A process whose data cannot be read may be another user's.
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
            return machine.Length == 0 || string.IsNullOrEmpty(space) || stat is null
                ? null
                : new ProcessIdentity(machine, boot, space, Environment.ProcessId, stat.Value.Started);
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
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
