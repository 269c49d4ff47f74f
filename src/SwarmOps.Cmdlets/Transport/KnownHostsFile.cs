using System.Collections.Concurrent;
using System.Text;

namespace SwarmOps.Transport;

/// <summary>
/// A known_hosts file in OpenSSH's format (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"): patterns, negation, ports, hashed names, revoked keys.
/// Lines of <c>@cert-authority</c> are skipped: host certificates are not supported.
/// </summary>
internal sealed class KnownHostsFile
{
    private const int DefaultPort = 22;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The file of the whole machine, which OpenSSH reads beside the user's own (ssh_config(5), GlobalKnownHostsFile).</summary>
    private const string GlobalPath = "/etc/ssh/ssh_known_hosts";

    /// <summary>More than a known_hosts file of a hundred thousand hosts needs; a longer file is not one, and is not read into memory.</summary>
    private const int LongestFile = 32 * 1024 * 1024;

    /// <summary>How long to wait for another process that writes the same file.</summary>
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(5);

    private static readonly ConcurrentDictionary<string, object> WriteLocks = new(StringComparer.Ordinal);

    private readonly IReadOnlyList<KnownHostEntry> entries;

    private KnownHostsFile(string path, IReadOnlyList<KnownHostEntry> entries)
    {
        Path = path;
        this.entries = entries;
    }

    /// <summary>Path of the file.</summary>
    public string Path { get; }

    /// <summary>Reads a file. A missing file counts as empty; one that cannot be read is an error, since it may revoke a key.</summary>
    /// <param name="path">Its path; null means the user's own, <c>~/.ssh/known_hosts</c>, and the machine's beside it.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access denied, or it is a folder.</exception>
    /// <exception cref="ArgumentException">The path is invalid.</exception>
    public static KnownHostsFile Read(string? path)
    {
        if (!string.IsNullOrEmpty(path))
            return Read(System.IO.Path.GetFullPath(path), []);
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Read(System.IO.Path.Combine(home, ".ssh", "known_hosts"), Lines(GlobalPath));
    }

    /// <summary>The types of the keys that are known for a host.</summary>
    public IReadOnlySet<string> KeyTypes(string host, int port) =>
        entries
            .Where(entry => !entry.Revoked && (entry.Matches(NameOf(host, port)) || entry.Matches(host)))
            .Select(entry => entry.KeyType)
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>Looks a key up.</summary>
    /// <remarks>
    /// As OpenSSH does it: any other key of the host, of whatever type, makes a new one "changed" and not "new" (hostfile.c,
    /// check_hostkeys_by_key_or_type); and a host at another port than 22 may also be known by its bare name (sshconnect.c, check_host_key).
    /// </remarks>
    public KnownHostMatch Find(string host, int port, byte[] key)
    {
        var found = Find(NameOf(host, port), key);
        if (found != KnownHostMatch.Unknown || port == DefaultPort)
            return found;
        var bare = Find(host, key);
        return bare == KnownHostMatch.Mismatch ? KnownHostMatch.Unknown : bare;
    }

    /// <summary>Adds a host's key as one line, unless another process has added it in the meantime.</summary>
    /// <param name="host">Host name or address.</param>
    /// <param name="port">SSH port.</param>
    /// <param name="keyType">Type of the key, such as <c>ssh-ed25519</c>.</param>
    /// <param name="key">The public key.</param>
    /// <param name="why">Why the key could not be added.</param>
    public bool TryAdd(string host, int port, string keyType, byte[] key, out string why)
    {
        try
        {
            lock (WriteLocks.GetOrAdd(Path, static _ => new object()))
            {
                using var file = OpenToAdd();
                var now = new KnownHostsFile(Path, Parse(ReadLines(file))).Find(host, port, key);
                why = now is KnownHostMatch.Unknown or KnownHostMatch.Match
                    ? ""
                    : "another process has just recorded a different key for this host";
                if (now == KnownHostMatch.Unknown)
                    Append(file, $"{NameOf(host, port)} {keyType} {Convert.ToBase64String(key)}\n");
                return why.Length == 0;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            why = exception.Message;
            return false;
        }
    }

    private static KnownHostsFile Read(string path, IEnumerable<string> more) => new(path, Parse(Lines(path).Concat(more)));

    private static IEnumerable<string> Lines(string path)
    {
        // Not File.Exists, which returns false for files without access.
        try
        {
            using var file = Open(path, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete });
            return ReadLines(file);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }

    private static KnownHostEntry[] Parse(IEnumerable<string> lines) => [.. lines.Select(KnownHostEntry.Parse).OfType<KnownHostEntry>()];

    private static string NameOf(string host, int port) => port == DefaultPort ? host : $"[{host}]:{port}";

    private static IEnumerable<string> ReadLines(FileStream file)
    {
        using var text = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = file.Read(buffer)) > 0)
        {
            text.Write(buffer, 0, count);
            if (text.Length > LongestFile)
                throw new IOException($"it is larger than {LongestFile / 1024 / 1024} MB, too large for a known_hosts file");
        }

        return Encoding
            .UTF8.GetString(text.GetBuffer(), 0, (int)text.Length)
            .TrimStart('\uFEFF')
            .Split('\n')
            .Select(static line => line.TrimEnd('\r'));
    }

    /// <summary>A last line without a line end would otherwise run into the new one.</summary>
    private static void Append(FileStream file, string line)
    {
        file.Seek(0, SeekOrigin.End);
        if (file.Length > 0)
        {
            file.Seek(-1, SeekOrigin.End);
            line = file.ReadByte() == '\n' ? line : "\n" + line;
        }

        file.Write(Encoding.UTF8.GetBytes(line));
    }

    private KnownHostMatch Find(string name, byte[] key)
    {
        var text = Convert.ToBase64String(key);
        var ofHost = entries.Where(entry => entry.Matches(name)).ToList();
        if (ofHost.Exists(entry => entry.Revoked && entry.Key == text))
            return KnownHostMatch.Revoked;
        var valid = ofHost.Where(entry => !entry.Revoked).ToList();
        if (valid.Exists(entry => entry.Key == text))
            return KnownHostMatch.Match;
        return valid.Count > 0 ? KnownHostMatch.Mismatch : KnownHostMatch.Unknown;
    }

    /// <summary>Opens the file for this process alone; folder and file are for the owner only, as OpenSSH makes them.</summary>
    private FileStream OpenToAdd()
    {
        if (System.IO.Path.GetDirectoryName(Path) is { Length: > 0 } folder && !Directory.Exists(folder))
            CreateFolder(folder);
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return Open(Path, options);
    }

    /// <summary>Opens a file, waiting while other processes have it open.</summary>
    private static FileStream Open(string path, FileStreamOptions options)
    {
        FileStream? file = null;
        SpinWait.SpinUntil(() => (file = TryOpen(path, options)) is not null, LockPatience);
        return file ?? new FileStream(path, options);
    }

    private static FileStream? TryOpen(string path, FileStreamOptions options)
    {
        try
        {
            return new FileStream(path, options);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }
}
