using System.Net;
using System.Text;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace SwarmOps.Transport;

/// <summary>Who we are to a node: key file, key text or password, in the order of what was said most plainly.</summary>
internal static class SshKeys
{
    /// <summary>The names that OpenSSH's client tries by itself.</summary>
    private static readonly string[] DefaultNames = ["id_ed25519", "id_ecdsa", "id_rsa"];

    /// <summary>The ways to authenticate.</summary>
    /// <exception cref="SwarmOpsException"><c>SshKeyNotFound</c>, <c>SshKeyInvalid</c>, <c>SshKeyPassphraseRequired</c>, <c>NoSshCredential</c>.</exception>
    public static AuthenticationMethod[] AuthenticationMethods(SwarmNode node, string user, NodeCredential? credential)
    {
        var passphrase = Reveal(credential?.KeyPassphrase);
        if (Reveal(credential?.PrivateKey) is { } text)
            return [new PrivateKeyAuthenticationMethod(user, FromText(node, text, passphrase))];
        if (node.KeyFilePath is { Length: > 0 } path)
            return [new PrivateKeyAuthenticationMethod(user, FromFile(node, path, passphrase))];
        if (credential?.Password?.GetNetworkCredential().Password is { Length: > 0 } password)
            return PasswordMethods(user, password);

        var keys = DefaultKeyFiles().Select(file => FromFile(node, file, passphrase)).ToArray();
        return keys.Length > 0 ? [new PrivateKeyAuthenticationMethod(user, keys)] : throw TransportErrors.NoSshCredential(node);
    }

    private static AuthenticationMethod[] PasswordMethods(string user, string password)
    {
        var interactive = new KeyboardInteractiveAuthenticationMethod(user);
        interactive.AuthenticationPrompt += (_, asked) =>
        {
            foreach (var prompt in asked.Prompts)
                prompt.Response = password;
        };
        return [new PasswordAuthenticationMethod(user, password), interactive];
    }

    private static IEnumerable<string> DefaultKeyFiles()
    {
        var folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh");
        return DefaultNames.Select(name => Path.Combine(folder, name)).Where(File.Exists);
    }

    private static PrivateKeyFile FromFile(SwarmNode node, string path, string? passphrase)
    {
        if (!File.Exists(path))
            throw TransportErrors.SshKeyNotFound(node, path);
        return Open(node, $"the key file '{path}'", () => new PrivateKeyFile(path, passphrase));
    }

    private static PrivateKeyFile FromText(SwarmNode node, string text, string? passphrase) =>
        Open(node, "the key text", () =>
        {
            // OpenSSH refuses a key without its last line end, and vaults like to trim it.
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text.TrimEnd() + "\n"));
            return new PrivateKeyFile(stream, passphrase);
        });

    private static PrivateKeyFile Open(SwarmNode node, string what, Func<PrivateKeyFile> open)
    {
        try
        {
            return open();
        }
        catch (SshPassPhraseNullOrEmptyException)
        {
            throw TransportErrors.SshKeyPassphraseRequired(node, what);
        }
        catch (Exception exception) when (exception is SshException or IOException or UnauthorizedAccessException or FormatException or ArgumentException or InvalidOperationException or System.Security.Cryptography.CryptographicException)
        {
            throw TransportErrors.SshKeyInvalid(node, what, exception);
        }
    }

    private static string? Reveal(System.Security.SecureString? secret) => secret is null ? null : new NetworkCredential("", secret).Password;
}
