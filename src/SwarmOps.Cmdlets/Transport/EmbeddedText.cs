using System.Text;

namespace SwarmOps.Transport;

/// <summary>The embedded scripts for hosts and containers.</summary>
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
