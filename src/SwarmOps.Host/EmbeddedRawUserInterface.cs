using System.Management.Automation.Host;

namespace SwarmOps.Host;

/// <summary>What the engine may ask about the terminal: its size and its colours. There is no screen buffer to read or scroll.</summary>
internal sealed class EmbeddedRawUserInterface : PSHostRawUserInterface
{
    /// <summary>Columns for output that goes to no terminal: wide enough for the module's tables.</summary>
    private const int DefaultWidth = 120;

    /// <summary>Lines for output that goes to no terminal.</summary>
    private const int DefaultHeight = 50;

    /// <inheritdoc />
    public override Size BufferSize
    {
        get => WindowSize;
        set { }
    }

    /// <inheritdoc />
    public override Size WindowSize
    {
        get => Console.IsOutputRedirected || Console.WindowWidth < 1
            ? new Size(DefaultWidth, DefaultHeight)
            : new Size(Console.WindowWidth, Math.Max(1, Console.WindowHeight));
        set { }
    }

    /// <inheritdoc />
    public override Size MaxWindowSize => WindowSize;

    /// <inheritdoc />
    public override Size MaxPhysicalWindowSize => WindowSize;

    /// <inheritdoc />
    public override Coordinates CursorPosition
    {
        get => default;
        set { }
    }

    /// <inheritdoc />
    public override int CursorSize { get; set; } = 25;

    /// <inheritdoc />
    public override Coordinates WindowPosition { get; set; }

    /// <inheritdoc />
    public override string WindowTitle { get; set; } = "SwarmOps.Host";

    /// <inheritdoc />
    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    /// <inheritdoc />
    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    /// <inheritdoc />
    public override bool KeyAvailable => Terminal.InputIsTerminal && Console.KeyAvailable;

    /// <inheritdoc />
    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        if (!Terminal.InputIsTerminal)
            throw new HostException("There is no terminal to read a key from.");

        var key = Console.ReadKey(options.HasFlag(ReadKeyOptions.NoEcho));
        return new KeyInfo((int)key.Key, key.KeyChar, default, keyDown: true);
    }

    /// <inheritdoc />
    public override void FlushInputBuffer()
    {
    }

    /// <inheritdoc />
    public override BufferCell[,] GetBufferContents(Rectangle rectangle) =>
        throw new NotSupportedException("This host has no screen buffer.");

    /// <inheritdoc />
    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) =>
        throw new NotSupportedException("This host has no screen buffer.");

    /// <inheritdoc />
    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) =>
        throw new NotSupportedException("This host has no screen buffer.");

    /// <inheritdoc />
    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) =>
        throw new NotSupportedException("This host has no screen buffer.");
}
