using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SwarmOps.Transport;

namespace SwarmOps.Insight.Survey;

/// <summary>What fills up or runs out on a host: disks, memory, processor, certificate, updates.</summary>
internal sealed record HostStatus
{
    /// <summary>Load of the last five minutes.</summary>
    public double? Load { get; init; }

    /// <summary>How long the host has been up.</summary>
    public TimeSpan? Uptime { get; init; }

    /// <summary>Memory in bytes.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Memory that programs can still get, in bytes.</summary>
    public long? MemoryAvailableBytes { get; init; }

    /// <summary>The file systems of the engine's directory and of the root directory.</summary>
    public IReadOnlyList<SwarmReportDisk> Disks { get; init; } = [];

    /// <summary>Begin and end of its certificate in the swarm; null when it has none or it cannot be read.</summary>
    public (DateTime From, DateTime Until)? Certificate { get; init; }

    /// <summary>Number of packages that can be updated.</summary>
    public int? Updates { get; init; }

    /// <summary>How many of them are security updates.</summary>
    public int? SecurityUpdates { get; init; }

    /// <summary>Whether an update waits for a reboot.</summary>
    public bool? RebootRequired { get; init; }

    /// <summary>The script that reads it. No file with a secret is read: the certificate is public. Packages are compared with the lists that the host has.</summary>
    /// <param name="root">The engine's directory; null for the usual one.</param>
    /// <param name="looksForUpdates">Whether waiting updates are counted, which takes a second of processor time.</param>
    public static string Script(string? root, bool looksForUpdates) =>
        $$"""
            root={{ShellCommand.Quote(root ?? "")}}
            root=${root:-/var/lib/docker}
            echo "load $(cut -d' ' -f2 /proc/loadavg)"
            echo "uptime $(cut -d' ' -f1 /proc/uptime)"
            sed -n 's/^MemTotal: *\([0-9]*\) kB/total \1/p; s/^MemAvailable: *\([0-9]*\) kB/available \1/p' /proc/meminfo
            for path in "$root" /; do stat -f -c "disk %i %S %b %f %a %c %d $path" "$path" 2>/dev/null; done
            if command -v apt-get >/dev/null; then
              if [ -e /run/reboot-required ]; then echo 'reboot yes'; else echo 'reboot no'; fi
            fi
            if [ {{(looksForUpdates ? "yes" : "no")}} = yes ]; then
              if command -v apt-get >/dev/null; then
                list=$(LC_ALL=C timeout 20 apt-get -s -q -o Debug::NoLocking=true upgrade 2>/dev/null) &&
                  echo "updates $(echo "$list" | grep -c '^Inst ') $(echo "$list" | grep '^Inst ' | grep -ci security)"
              elif command -v dnf >/dev/null; then
                list=$(LC_ALL=C timeout 20 dnf -q -C check-update 2>/dev/null); code=$?
                if [ $code = 0 ] || [ $code = 100 ]; then echo "updates $(echo "$list" | grep -c '^[^ ]*\.[^ ]* ')"; fi
              fi
            fi
            cat "$root/swarm/certificates/swarm-node.crt" 2>/dev/null
            exit 0
            """;

    /// <summary>Reads the script's output; what it does not say is null.</summary>
    public static HostStatus Parse(string output)
    {
        var lines = output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 1)
            .ToLookup(words => words[0], words => words[1..]);
        var updates = lines["updates"].FirstOrDefault();
        return new HostStatus
        {
            Load = Number(lines["load"].FirstOrDefault()?[0]),
            Uptime = Number(lines["uptime"].FirstOrDefault()?[0]) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            MemoryBytes = Kilobytes(lines["total"].FirstOrDefault()?[0]),
            MemoryAvailableBytes = Kilobytes(lines["available"].FirstOrDefault()?[0]),
            Disks =
            [
                .. lines["disk"]
                    .Select(Disk)
                    .OfType<(string Id, SwarmReportDisk Disk)>()
                    .DistinctBy(disk => disk.Id)
                    .Select(disk => disk.Disk),
            ],
            Certificate = ReadCertificate(output),
            Updates = (int?)Number(updates?.ElementAtOrDefault(0)),
            SecurityUpdates = (int?)Number(updates?.ElementAtOrDefault(1)),
            RebootRequired = lines["reboot"].FirstOrDefault() is [var word, ..] ? word == "yes" : null,
        };
    }

    /// <summary>A line of stat: id, block size, blocks, free blocks, blocks that users get, inodes, free inodes, path. The size is what users can fill, as df counts it.</summary>
    private static (string Id, SwarmReportDisk Disk)? Disk(string[] words)
    {
        const int fields = 8;
        if (words.Length < fields)
            return null;
        long?[] numbers =
        [
            .. words[1..7].Select(word => long.TryParse(word, CultureInfo.InvariantCulture, out var number) ? number : (long?)null),
        ];
        if (numbers is not [{ } size, { } blocks, { } free, { } available, { } inodes, { } freeInodes] || blocks <= 0)
            return null;
        return (
            words[0],
            new SwarmReportDisk
            {
                Path = string.Join(' ', words[7..]),
                Bytes = (blocks - free + available) * size,
                AvailableBytes = available * size,
                InodesUsed = inodes > 0 ? 1 - ((double)freeInodes / inodes) : null,
            }
        );
    }

    /// <summary>The node's own certificate is the first of the file.</summary>
    private static (DateTime From, DateTime Until)? ReadCertificate(string output)
    {
        if (output.IndexOf("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal) is var begin && begin < 0)
            return null;
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(output.AsSpan(begin));
            return (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static long? Kilobytes(string? text) =>
        long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number * 1024 : null;
}
