using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SwarmOps.Nodes.Keys;

/// <summary>A public key as it stands in <c>authorized_keys</c>.</summary>
/// <param name="Data">The key, in base64.</param>
internal sealed record SshPublicKey(string Data)
{
    /// <summary>Its type, such as <c>ssh-ed25519</c>: the first text in it (RFC 4253, 6.6).</summary>
    public string Type
    {
        get
        {
            var bytes = Convert.FromBase64String(Data);
            return Encoding.ASCII.GetString(bytes, sizeof(int), BinaryPrimitives.ReadInt32BigEndian(bytes));
        }
    }

    /// <summary>Its fingerprint, as OpenSSH shows it.</summary>
    public string Fingerprint => "SHA256:" + Convert.ToBase64String(SHA256.HashData(Convert.FromBase64String(Data))).TrimEnd('=');
}
