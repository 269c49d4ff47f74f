using System.Security.Cryptography;
using System.Text;

namespace SwarmOps.Services.Stored;

/// <summary>Makes secrets that nobody has seen, from the operating system's cryptographic source.</summary>
internal static class SecretGenerator
{
    /// <summary>Letters and digits: what every password field and connection string takes as it is.</summary>
    public const string LettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Less can be tried out by a machine in days (NIST SP 800-131A puts the least strength at 112 bits for keys; 64 still guards an online password).</summary>
    public const int FewestBits = 64;

    /// <summary>Checks what is asked for.</summary>
    /// <exception cref="SwarmOpsException"><c>AlphabetInvalid</c>, <c>GeneratedTooWeak</c>.</exception>
    public static void Check(int length, string alphabet)
    {
        if (alphabet.Any(char.IsControl))
            throw StoredErrors.AlphabetInvalid("it holds a control character");
        if (alphabet.Any(char.IsSurrogate))
            throw StoredErrors.AlphabetInvalid("it holds a character beyond the basic plane of Unicode");
        if (alphabet.Distinct().Count() != alphabet.Length)
            throw StoredErrors.AlphabetInvalid("a character is in it twice, and would come up more often than others");
        if (alphabet.Length < 2)
            throw StoredErrors.AlphabetInvalid("it has fewer than two characters");
        var bits = (int)(length * Math.Log2(alphabet.Length));
        if (bits < FewestBits)
            throw StoredErrors.GeneratedTooWeak(length, alphabet.Length, bits);
    }

    /// <summary>A new secret as UTF-8; every character of the alphabet is as likely as any other.</summary>
    public static byte[] Generate(int length, string alphabet = LettersAndDigits)
    {
        Check(length, alphabet);
        var characters = RandomNumberGenerator.GetItems<char>(alphabet, length);
        var bytes = Encoding.UTF8.GetBytes(characters);
        Array.Clear(characters);
        return bytes;
    }
}
