using System.Security.Cryptography;
using System.Text;

namespace SwarmOps.Services.Stored;

/// <summary>Generates secrets with the operating system's cryptographic random number generator.</summary>
internal static class SecretGenerator
{
    /// <summary>Letters and digits, which need no escaping in any password field or connection string.</summary>
    public const string LettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Fewer can be brute-forced in days (NIST SP 800-131A requires at least 112 bits for keys; 64 still protects an online password).</summary>
    public const int FewestBits = 64;

    /// <summary>Validates length and alphabet.</summary>
    /// <exception cref="SwarmOpsException"><c>AlphabetInvalid</c>, <c>GeneratedTooWeak</c>.</exception>
    public static void Check(int length, string alphabet)
    {
        if (alphabet.Any(char.IsControl))
            throw StoredErrors.AlphabetInvalid("it contains a control character");
        if (alphabet.Any(char.IsSurrogate))
            throw StoredErrors.AlphabetInvalid("it contains a character outside the Basic Multilingual Plane of Unicode");
        if (alphabet.Distinct().Count() != alphabet.Length)
            throw StoredErrors.AlphabetInvalid("it contains a character more than once, which would then be more likely than others");
        if (alphabet.Length < 2)
            throw StoredErrors.AlphabetInvalid("it has fewer than two characters");
        var bits = (int)(length * Math.Log2(alphabet.Length));
        if (bits < FewestBits)
            throw StoredErrors.GeneratedTooWeak(length, alphabet.Length, bits);
    }

    /// <summary>A new secret as UTF-8; every character of the alphabet is equally likely.</summary>
    public static byte[] Generate(int length, string alphabet = LettersAndDigits)
    {
        Check(length, alphabet);
        var characters = RandomNumberGenerator.GetItems<char>(alphabet, length);
        var bytes = Encoding.UTF8.GetBytes(characters);
        Array.Clear(characters);
        return bytes;
    }
}
