using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace SwarmOps.Services.Tasks.Terminal;

/// <summary>A console of Windows 10 or later, which gives and takes the control sequences of a terminal.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsTerminal : ITerminal
{
    private const int InputHandle = -10,
        OutputHandle = -11;

    // wincon.h
    private const uint ProcessedInput = 0x1,
        LineInput = 0x2,
        EchoInput = 0x4,
        SequencesIn = 0x200,
        ProcessedOutput = 0x1,
        SequencesOut = 0x4,
        NoAutoReturn = 0x8;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(10);

    private readonly uint inputBefore;
    private readonly uint outputBefore;
    private readonly Encoding encodingBefore = Console.OutputEncoding;
    private readonly Stream output;
    private bool isRestored;

    private WindowsTerminal(uint inputBefore, uint outputBefore)
    {
        (this.inputBefore, this.outputBefore) = (inputBefore, outputBefore);
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        output = Console.OpenStandardOutput();
    }

    public (int Width, int Height) Size => (Console.WindowWidth, Console.WindowHeight);

    /// <summary>Sets the console of this process to raw mode; null when it has none.</summary>
    public static WindowsTerminal? Open()
    {
        var (input, output) = (GetStdHandle(InputHandle), GetStdHandle(OutputHandle));
        if (!GetConsoleMode(input, out var inputMode) || !GetConsoleMode(output, out var outputMode))
            return null;
        var terminal = new WindowsTerminal(inputMode, outputMode);
        if (
            SetConsoleMode(input, (inputMode & ~(ProcessedInput | LineInput | EchoInput)) | SequencesIn)
            && SetConsoleMode(output, outputMode | ProcessedOutput | SequencesOut | NoAutoReturn)
        )
            return terminal;
        terminal.Dispose();
        return null;
    }

    public int Read(byte[] buffer, TimeSpan patience)
    {
        for (var end = Environment.TickCount64 + (long)patience.TotalMilliseconds; !Console.KeyAvailable; Thread.Sleep(LookInterval))
        {
            if (Environment.TickCount64 >= end)
                return 0;
        }

        var typed = new StringBuilder();
        // A key that is no character, such as an arrow, comes as the characters of its sequence.
        while (Console.KeyAvailable && Encoding.UTF8.GetMaxByteCount(typed.Length + 2) <= buffer.Length)
        {
            if (Console.ReadKey(intercept: true).KeyChar is not '\0' and var character)
                typed.Append(character);
        }

        return Encoding.UTF8.GetBytes(typed.ToString(), buffer);
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
        _ = SetConsoleMode(GetStdHandle(InputHandle), inputBefore);
        _ = SetConsoleMode(GetStdHandle(OutputHandle), outputBefore);
        output.Dispose();
        Console.OutputEncoding = encodingBefore;
    }

#pragma warning disable SYSLIB1054 // The generator of LibraryImport needs unsafe code.
    [DllImport("kernel32.dll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern nint GetStdHandle(int number);

    [DllImport("kernel32.dll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetConsoleMode(nint handle, out uint mode);

    [DllImport("kernel32.dll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool SetConsoleMode(nint handle, uint mode);
#pragma warning restore SYSLIB1054
}
