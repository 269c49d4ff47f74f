using System.Text;

namespace SwarmOps.Transport;

/// <summary>The texts that the module carries: scripts for hosts and containers, and data.</summary>
internal static class EmbeddedText
{
    /// <summary>The text of a script, with LF line ends.</summary>
    /// <param name="name">Its file name.</param>
    public static string Read(string name)
    {
        using var stream = typeof(EmbeddedText).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
