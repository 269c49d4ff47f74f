using System.Net;
using SwarmOps.Aws.Cluster;

namespace SwarmOps.Aws.Provision;

/// <summary>The cluster's SSH key: read from the user's file or text, or created as a file.</summary>
internal static class ClusterKey
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The public key of the private key in the text or file; null if the file does not exist yet.</summary>
    /// <exception cref="SwarmOpsException"><c>ClusterKeyUnreadable</c>, <c>ClusterKeyTypeRefused</c>.</exception>
    public static string? Read(ProvisionRequest request)
    {
        if (request.Credential?.PrivateKey is { Length: > 0 } text)
            return SshKeyPair.PublicHalf(
                "the text of -PrivateKey",
                new NetworkCredential("", text).Password,
                request.Credential.KeyPassphrase
            );
        var path = request.KeyFilePath!;
        if (!File.Exists(path))
            return null;
        try
        {
            return SshKeyPair.PublicHalf($"the file '{path}'", File.ReadAllText(path), request.Credential?.KeyPassphrase);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ProvisionErrors.ClusterKeyUnreadable($"the file '{path}'", exception.Message);
        }
    }

    /// <summary>Creates a key pair in a file that only the owner can read, atomically; if two runs race, both use the first one's key.</summary>
    /// <returns>The public key.</returns>
    /// <exception cref="SwarmOpsException"><c>ClusterKeyNotWritable</c>.</exception>
    public static string Generate(ProvisionRequest request)
    {
        var path = request.KeyFilePath!;
        var draft = $"{path}.{Guid.NewGuid():N}";
        try
        {
            MakeFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var (privateKey, publicKey) = SshKeyPair.Generate(ClusterNames.KeyPair(request.Cluster));
            Write(draft, privateKey);
            try
            {
                File.Move(draft, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                return Read(request)!;
            }

            File.WriteAllText(path + ".pub", publicKey + "\n");
            return publicKey;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ProvisionErrors.ClusterKeyNotWritable(path, exception);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    private static void Write(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using var stream = new FileStream(path, options);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(text));
        stream.Flush(flushToDisk: true);
    }
}
