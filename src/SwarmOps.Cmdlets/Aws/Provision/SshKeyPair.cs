using System.Net;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Utilities;
using Org.BouncyCastle.Security;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Security;

namespace SwarmOps.Aws.Provision;

/// <summary>The cluster's SSH key: only its public key goes to EC2. Created with SSH.NET's cryptography library, because .NET has no ed25519.</summary>
internal static class SshKeyPair
{
    private const int PemWidth = 70;

    /// <summary>Creates a new ed25519 key pair.</summary>
    /// <param name="comment">The comment of the public key.</param>
    /// <returns>The private key in OpenSSH format, and the public key as a line of authorized_keys.</returns>
    public static (string Private, string Public) Generate(string comment)
    {
        var generator = new Ed25519KeyPairGenerator();
        generator.Init(new Ed25519KeyGenerationParameters(new SecureRandom()));
        var pair = generator.GenerateKeyPair();
        return (
            Pem(OpenSshPrivateKeyUtilities.EncodePrivateKey(pair.Private)),
            $"ssh-ed25519 {Convert.ToBase64String(OpenSshPublicKeyUtilities.EncodePublicKey(pair.Public))} {comment}"
        );
    }

    /// <summary>The public key of a private key, as type and base64.</summary>
    /// <param name="what">A description of the key for errors.</param>
    /// <param name="text">The private key's text.</param>
    /// <param name="passphrase">Its passphrase.</param>
    /// <exception cref="SwarmOpsException"><c>ClusterKeyUnreadable</c>, <c>ClusterKeyTypeRefused</c>.</exception>
    public static string PublicHalf(string what, string text, SecureString? passphrase)
    {
        using var key = Open(what, text, passphrase is { Length: > 0 } ? new NetworkCredential("", passphrase).Password : null);
        var algorithm = key.HostKeyAlgorithms.OfType<KeyHostAlgorithm>().First();
        var blob = algorithm.Data;
        var type = TypeOf(blob);
        // EC2 accepts these two types for Linux instances.
        return type is "ssh-ed25519" or "ssh-rsa"
            ? $"{type} {Convert.ToBase64String(blob)}"
            : throw ProvisionErrors.ClusterKeyTypeRefused(what, type);
    }

    /// <summary>The fingerprint of a public key in OpenSSH's form.</summary>
    public static string Fingerprint(string publicKey) =>
        "SHA256:" + Convert.ToBase64String(SHA256.HashData(Convert.FromBase64String(Words(publicKey)[1]))).TrimEnd('=');

    /// <summary>Whether two public keys are the same, whatever their comments.</summary>
    public static bool IsSame(string one, string other) => Words(one).Take(2).SequenceEqual(Words(other).Take(2), StringComparer.Ordinal);

    private static string[] Words(string publicKey) => publicKey.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static PrivateKeyFile Open(string what, string text, string? passphrase)
    {
        try
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text.Trim().ReplaceLineEndings("\n") + "\n"));
            return new PrivateKeyFile(stream, passphrase);
        }
        catch (SshPassPhraseNullOrEmptyException)
        {
            throw ProvisionErrors.ClusterKeyUnreadable(what, "it is protected by a passphrase");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Its message may quote the key.
            throw ProvisionErrors.ClusterKeyUnreadable(
                what,
                passphrase is null ? "it is not a private key" : "it is not a private key, or the passphrase is wrong"
            );
        }
    }

    /// <summary>The first string of a key blob (RFC 4253, section 6.6): a length of four bytes, and the type.</summary>
    private static string TypeOf(byte[] blob) =>
        Encoding.ASCII.GetString(blob, 4, (blob[0] << 24) | (blob[1] << 16) | (blob[2] << 8) | blob[3]);

    private static string Pem(byte[] blob)
    {
        var lines = Convert.ToBase64String(blob).Chunk(PemWidth).Select(line => new string(line));
        return $"-----BEGIN OPENSSH PRIVATE KEY-----\n{string.Join('\n', lines)}\n-----END OPENSSH PRIVATE KEY-----\n";
    }
}
