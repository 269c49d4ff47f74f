using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SwarmOps.Tests.Unit;

/// <summary>The processor time of the current thread: what work costs, however busy the machine is. Where it cannot be read, the time that passes.</summary>
internal readonly struct ThreadClock
{
    // clock_gettime(2).
    private const int ThreadProcessorTime = 3;

    private readonly TimeSpan started;

    private ThreadClock(TimeSpan started) => this.started = started;

    public TimeSpan Elapsed => Now() - started;

    public static ThreadClock Start() => new(Now());

    private static TimeSpan Now() =>
        OperatingSystem.IsLinux() && GetTime(ThreadProcessorTime, out var now) == 0
            ? TimeSpan.FromSeconds(now.Seconds) + TimeSpan.FromTicks(now.Nanoseconds / 100)
            : Stopwatch.GetElapsedTime(0);

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int GetTime(int clock, out Time now);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public nint Seconds,
            Nanoseconds;
    }
}
