using System.Security.Cryptography;

namespace SwarmOps.Monitoring.Running;

/// <summary>Tells whether a secret has a content, without the content: a secret cannot be read back, and its labels can. Slow, since it may contain a password of people.</summary>
internal static class SaltedHash
{
    private const int SaltBytes = 16,
        HashBytes = 32,
        Rounds = 200_000;

    /// <summary>A hash of a content, with a new salt.</summary>
    public static string Of(byte[] content)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return $"{Convert.ToHexString(salt)}:{Convert.ToHexString(Derive(content, salt))}";
    }

    /// <summary>Whether a hash is that of a content.</summary>
    public static bool Matches(string hash, byte[] content)
    {
        try
        {
            return hash.Split(':') is [var salt, var derived]
                && CryptographicOperations.FixedTimeEquals(Convert.FromHexString(derived), Derive(content, Convert.FromHexString(salt)));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static byte[] Derive(byte[] content, byte[] salt) =>
        Rfc2898DeriveBytes.Pbkdf2(content, salt, Rounds, HashAlgorithmName.SHA256, HashBytes);
}
