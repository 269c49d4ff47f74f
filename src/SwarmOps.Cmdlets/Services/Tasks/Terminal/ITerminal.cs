namespace SwarmOps.Services.Tasks.Terminal;

/// <summary>The user's terminal in raw mode: every key is passed on as it is typed, Ctrl+C included. Disposing it restores the terminal.</summary>
internal interface ITerminal : IDisposable
{
    /// <summary>Its present size in characters; zeros when it is not known.</summary>
    (int Width, int Height) Size { get; }

    /// <summary>Waits for keys. Blocks.</summary>
    /// <param name="buffer">Takes what was typed.</param>
    /// <param name="patience">How long to wait.</param>
    /// <returns>The number of bytes; 0 when nothing was typed, -1 when the terminal is gone.</returns>
    int Read(byte[] buffer, TimeSpan patience);

    /// <summary>Shows what a program writes.</summary>
    void Write(ReadOnlySpan<byte> bytes);
}
