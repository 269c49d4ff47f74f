using System.Runtime.InteropServices;
using System.Security;
using System.Text;

namespace SwarmOps.Services.Stored;

/// <summary>Converts the user's input into bytes; the caller wipes them.</summary>
internal static class SecretBytes
{
    /// <summary>The text of a SecureString as UTF-8.</summary>
    public static byte[] From(SecureString value)
    {
        var pointer = Marshal.SecureStringToGlobalAllocUnicode(value);
        var characters = new char[value.Length];
        try
        {
            Marshal.Copy(pointer, characters, 0, characters.Length);
            return Encoding.UTF8.GetBytes(characters);
        }
        finally
        {
            Array.Clear(characters);
            Marshal.ZeroFreeGlobalAllocUnicode(pointer);
        }
    }

    /// <summary>The bytes of a file, unchanged.</summary>
    /// <exception cref="SwarmOpsException"><c>ValueFileNotFound</c>, <c>ValueFileNotReadable</c>, <c>StoredValueTooLarge</c>.</exception>
    public static byte[] FromFile(StoredKind kind, string name, string path)
    {
        try
        {
            if (!File.Exists(path))
                throw StoredErrors.ValueFileNotFound(path);
            if (new FileInfo(path).Length is var length && length > kind.LargestSize)
                StoredRules.CheckSize(kind, name, (int)Math.Min(length, int.MaxValue));
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StoredErrors.ValueFileNotReadable(path, exception);
        }
    }
}
