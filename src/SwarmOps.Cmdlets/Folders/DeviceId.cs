using System.Security.Cryptography;

namespace SwarmOps.Folders;

/// <summary>The id of a Syncthing device: the SHA-256 hash of its certificate in base 32, with check characters (docs.syncthing.net, "Understanding Device IDs").</summary>
internal static class DeviceId
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private const int Base = 32,
        BitsPerCharacter = 5,
        GroupLength = 13,
        ChunkLength = 7;

    /// <summary>The id of a certificate.</summary>
    /// <param name="certificate">The certificate in DER form.</param>
    public static string Of(ReadOnlySpan<byte> certificate)
    {
        var plain = Encode(SHA256.HashData(certificate));
        var groups = plain.Chunk(GroupLength).Select(group => new string(group));
        var whole = string.Concat(groups.Select(group => group + CheckCharacter(group)));
        return string.Join('-', whole.Chunk(ChunkLength).Select(chunk => new string(chunk)));
    }

    /// <summary>Base 32 without padding (RFC 4648).</summary>
    private static string Encode(byte[] bytes)
    {
        var text = new char[((bytes.Length * 8) + BitsPerCharacter - 1) / BitsPerCharacter];
        for (var index = 0; index < text.Length; index++)
        {
            var value = 0;
            for (var bit = index * BitsPerCharacter; bit < (index + 1) * BitsPerCharacter; bit++)
                value = (value << 1) | (bit < bytes.Length * 8 ? (bytes[bit / 8] >> (7 - (bit % 8))) & 1 : 0);
            text[index] = Alphabet[value];
        }

        return new string(text);
    }

    /// <summary>Luhn's algorithm for base 32, from left to right, as Syncthing has it.</summary>
    private static char CheckCharacter(string group)
    {
        var (factor, sum) = (1, 0);
        foreach (var character in group)
        {
            var addend = factor * Alphabet.IndexOf(character, StringComparison.Ordinal);
            factor = 3 - factor;
            sum += (addend / Base) + (addend % Base);
        }

        return Alphabet[(Base - (sum % Base)) % Base];
    }
}
