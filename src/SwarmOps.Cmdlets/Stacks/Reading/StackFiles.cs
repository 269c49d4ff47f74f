using System.Text;

namespace SwarmOps.Stacks.Reading;

/// <summary>The files that a stack consists of.</summary>
internal interface IStackFiles
{
    /// <summary>Whether there is a file.</summary>
    bool Exists(string path);

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="StackValueException">It cannot be read, or is larger than <paramref name="most"/>.</exception>
    byte[] Read(string path, int most);
}

/// <summary>The files of this machine.</summary>
internal sealed class DiskFiles : IStackFiles
{
    public bool Exists(string path) => File.Exists(path);

    public byte[] Read(string path, int most)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            // A pipe or a device has no length: one byte more than permitted is enough to know.
            using var buffer = new MemoryStream();
            var block = new byte[64 * 1024];
            int count;
            while ((count = stream.Read(block)) > 0)
            {
                buffer.Write(block, 0, count);
                if (buffer.Length > most)
                    throw StackText.TooLarge(path, most);
            }

            return buffer.ToArray();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw StackText.Missing(path);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new StackValueException(
                $"The file '{path}' cannot be read: {exception.Message}",
                "Specify a file that this user may read."
            );
        }
    }
}

/// <summary>Texts of files.</summary>
internal static class StackText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a file in UTF-8.</summary>
    /// <exception cref="StackValueException">It is too large or not a text.</exception>
    public static string ReadText(this IStackFiles files, string path, int most)
    {
        try
        {
            return Strict.GetString(files.Read(path, most)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            throw new StackValueException($"The file '{path}' is not text in UTF-8.", "Save it as UTF-8.");
        }
    }

    public static StackValueException TooLarge(string path, int most) =>
        new(
            $"The file '{path}' is larger than {most / 1024} KiB.",
            "Use a smaller file; put large content into the image or on the nodes."
        );

    public static StackValueException Missing(string path) =>
        new($"There is no file '{path}'.", "Correct the path; relative paths start at the folder of the Compose file.");
}
