using System.Runtime.InteropServices;

namespace SwarmOps.Services.Tasks.Terminal;

/// <summary>A terminal of Linux or macOS (termios).</summary>
internal sealed class UnixTerminal : ITerminal
{
    private const int Input = 0;

    private const int AtOnce = 0;

    private const short Readable = 1;

    /// <summary>More than a termios structure has on any system; only its own functions look into it.</summary>
    private const int StructureSize = 256;

    private readonly byte[] before = new byte[StructureSize];
    private readonly Stream output = Console.OpenStandardOutput();
    private bool isRestored;

    private UnixTerminal() { }

    public (int Width, int Height) Size
    {
        get
        {
            try
            {
                return (Console.WindowWidth, Console.WindowHeight);
            }
            catch (IOException)
            {
                return default;
            }
        }
    }

    /// <summary>Sets the terminal of this process to raw mode; null when it has none.</summary>
    public static UnixTerminal? Open()
    {
        var terminal = new UnixTerminal();
        if (tcgetattr(Input, terminal.before) != 0)
            return null;
        var raw = terminal.before.ToArray();
        cfmakeraw(raw);
        return tcsetattr(Input, AtOnce, raw) == 0 ? terminal : null;
    }

    public int Read(byte[] buffer, TimeSpan patience)
    {
        var waited = new PollFd { File = Input, Events = Readable };
        // Not a blocking read: the next key after the end belongs to the prompt.
        return poll(ref waited, 1, (int)patience.TotalMilliseconds) switch
        {
            <= 0 => 0,
            _ when read(Input, buffer, buffer.Length) is > 0 and var count => (int)count,
            _ => -1,
        };
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        output.Flush();
    }

    public void Dispose()
    {
        if (isRestored)
            return;
        isRestored = true;
        _ = tcsetattr(Input, AtOnce, before);
        output.Dispose();
    }

#pragma warning disable SYSLIB1054, IDE1006 // The generator of LibraryImport needs unsafe code; the names are libc's.
    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int tcgetattr(int file, byte[] structure);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int tcsetattr(int file, int when, byte[] structure);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void cfmakeraw(byte[] structure);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int poll(ref PollFd files, nuint count, int milliseconds);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint read(int file, byte[] buffer, nint count);
#pragma warning restore SYSLIB1054, IDE1006

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFd
    {
        public int File;
        public short Events;
        public short Returned;
    }
}
