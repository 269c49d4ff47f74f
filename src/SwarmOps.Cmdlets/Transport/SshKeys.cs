using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace SwarmOps.Transport;

/// <summary>The SSH authentication methods of a node: key file, key text or password, the most explicit first.</summary>
internal static class SshKeys
{
    private const string EncryptedPkcs8 = "BEGIN ENCRYPTED PRIVATE KEY";

    /// <summary>The default key names of OpenSSH's client, in its order.</summary>
    private static readonly string[] DefaultNames = ["id_rsa", "id_ecdsa", "id_ed25519"];

    /// <summary>The authentication methods: the specified key, then the password; the keys of <c>~/.ssh</c> only when neither is specified.</summary>
    /// <param name="node">The node.</param>
    /// <param name="user">The user.</param>
    /// <param name="credential">The credential.</param>
    /// <param name="passwordSent">Set to true when the password is sent, which happens once.</param>
    /// <exception cref="SwarmOpsException"><c>SshKeyNotFound</c>, <c>SshKeyInvalid</c>, <c>SshKeyPassphraseRequired</c>, <c>SshKeyPassphraseWrong</c>, <c>NoSshCredential</c>.</exception>
    public static AuthenticationMethod[] AuthenticationMethods(
        SwarmNode node,
        string user,
        NodeCredential? credential,
        StrongBox<bool> passwordSent
    )
    {
        var methods = new List<AuthenticationMethod>();
        if (NamedKey(node, credential) is { } key)
            methods.Add(new PrivateKeyAuthenticationMethod(user, key));
        if (credential?.Password?.GetNetworkCredential().Password is { Length: > 0 } password)
            methods.AddRange(PasswordMethods(user, password, passwordSent));
        if (methods.Count == 0)
            methods.Add(new PrivateKeyAuthenticationMethod(user, DefaultKeys(node, Reveal(credential?.KeyPassphrase))));
        return [.. methods];
    }

    /// <summary>The public part of the specified key, in base64 as in <c>authorized_keys</c>; null when none is specified.</summary>
    /// <param name="node">The node.</param>
    /// <param name="credential">The credential.</param>
    /// <exception cref="SwarmOpsException">Those of <see cref="AuthenticationMethods"/> about keys.</exception>
    public static string? PublicKey(SwarmNode node, NodeCredential? credential)
    {
        using var key = NamedKey(node, credential);
        return key is null ? null : Convert.ToBase64String(key.HostKeyAlgorithms.First().Data);
    }

    /// <summary>The public part of the key in a file that is to be some nodes' new key, in base64 as in <c>authorized_keys</c>.</summary>
    /// <param name="path">The file of the private key.</param>
    /// <param name="passphrase">Its passphrase; null for none.</param>
    /// <exception cref="SwarmOpsException">Those of <see cref="AuthenticationMethods"/> about keys.</exception>
    public static string PublicKeyOfFile(string path, System.Security.SecureString? passphrase)
    {
        using var key = OpenFile(null, path, Reveal(passphrase));
        return Convert.ToBase64String(key.HostKeyAlgorithms.First().Data);
    }

    private static PrivateKeyFile? NamedKey(SwarmNode node, NodeCredential? credential)
    {
        var passphrase = Reveal(credential?.KeyPassphrase);
        if (Reveal(credential?.PrivateKey) is { } text)
            return Open(node, "the key text", text, passphrase);
        return node.KeyFilePath is { Length: > 0 } path ? OpenFile(node, path, passphrase) : null;
    }

    private static AuthenticationMethod[] PasswordMethods(string user, string password, StrongBox<bool> sent)
    {
        var answered = false;
        var interactive = new KeyboardInteractiveAuthenticationMethod(user);
        interactive.AuthenticationPrompt += (_, asked) =>
        {
            // The first hidden prompt is for the password. A second one means that it was wrong, or asks for a one-time code.
            foreach (var prompt in asked.Prompts)
            {
                var isPassword = !answered && !prompt.IsEchoed;
                prompt.Response = isPassword ? password : "";
                answered |= isPassword;
            }
        };
        return [new OneOffer(user, new PasswordAuthenticationMethod(user, password), sent), new OneOffer(user, interactive, sent)];
    }

    /// <summary>A default key that cannot be read is skipped when another can.</summary>
    private static PrivateKeyFile[] DefaultKeys(SwarmNode node, string? passphrase)
    {
        var folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh");
        var keys = new List<PrivateKeyFile>();
        SwarmOpsException? first = null;
        foreach (var path in DefaultNames.Select(name => Path.Combine(folder, name)).Where(File.Exists))
        {
            try
            {
                keys.Add(OpenFile(node, path, passphrase));
            }
            catch (SwarmOpsException exception)
            {
                first ??= exception;
            }
        }

        return keys.Count > 0 ? [.. keys] : throw first ?? TransportErrors.NoSshCredential(node);
    }

    private static PrivateKeyFile OpenFile(SwarmNode? node, string path, string? passphrase)
    {
        if (!File.Exists(path))
            throw TransportErrors.SshKeyNotFound(node, path);
        var what = $"the key file '{path}'";
        try
        {
            return Open(node, what, File.ReadAllText(path), passphrase);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw TransportErrors.SshKeyInvalid(node, what);
        }
    }

    private static PrivateKeyFile Open(SwarmNode? node, string what, string text, string? passphrase)
    {
        try
        {
            return Parse(text, passphrase);
        }
        catch (Exception exception) when (IsKeyFailure(exception))
        {
            throw (IsEncrypted(text), passphrase) switch
            {
                (false, _) => TransportErrors.SshKeyInvalid(node, what),
                (true, null) => TransportErrors.SshKeyPassphraseRequired(node, what),
                _ => TransportErrors.SshKeyPassphraseWrong(node, what),
            };
        }
    }

    /// <summary>The library reports a wrong passphrase and an invalid key alike; but PEM names the encryption in its header, and for OpenSSH's own format the library asks for a passphrase.</summary>
    private static bool IsEncrypted(string text)
    {
        if (text.Contains("ENCRYPTED", StringComparison.Ordinal))
            return true;
        try
        {
            using var key = Parse(text, null);
            return false;
        }
        catch (SshPassPhraseNullOrEmptyException)
        {
            return true;
        }
        catch (Exception exception) when (IsKeyFailure(exception))
        {
            return false;
        }
    }

    private static PrivateKeyFile Parse(string text, string? passphrase)
    {
        // For PKCS #8 the library takes the low byte of each character, where OpenSSL takes UTF-8.
        if (passphrase is not null && text.Contains(EncryptedPkcs8, StringComparison.Ordinal))
            passphrase = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(passphrase));
        // OpenSSH rejects a key without its last line end, and vaults often trim it.
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text.Trim().ReplaceLineEndings("\n") + "\n"));
        return new PrivateKeyFile(stream, passphrase);
    }

    /// <summary>Exceptions of the library and its parsers for invalid keys: any type, since the input is arbitrary.</summary>
    private static bool IsKeyFailure(Exception exception) => exception is not (OutOfMemoryException or SwarmOpsException);

    private static string? Reveal(System.Security.SecureString? secret) =>
        secret is { Length: > 0 } ? new NetworkCredential("", secret).Password : null;
}
