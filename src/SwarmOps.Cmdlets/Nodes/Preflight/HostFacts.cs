using System.Globalization;
using System.Net;

namespace SwarmOps.Nodes.Preflight;

/// <summary>Facts about a node's host, read with only the shell and /proc.</summary>
internal sealed record HostFacts
{
    /// <summary>Reads everything at once; the clock first, so that the rest does not delay it.</summary>
    public const string Script = """
        date -u '+clock %s.%N'
        echo "system $(uname -s) $(uname -r)"
        sed -n 's/^PRETTY_NAME=/os /p' /etc/os-release 2>/dev/null
        sed 's/^/route /' /proc/net/route 2>/dev/null
        grep -B1 'host LOCAL' /proc/net/fib_trie 2>/dev/null | sed -n 's/^.*|-- /own4 /p'
        sed 's/^/own6 /' /proc/net/if_inet6 2>/dev/null
        true
        """;

    /// <summary>The host's clock at the reading; null when it could not be read.</summary>
    public DateTime? Clock { get; init; }

    /// <summary>The kernel's name, such as <c>Linux</c>.</summary>
    public string Kernel { get; init; } = "";

    /// <summary>The kernel's version.</summary>
    public string KernelVersion { get; init; } = "";

    /// <summary>The name of the operating system.</summary>
    public string OperatingSystem { get; init; } = "";

    /// <summary>The host's own addresses.</summary>
    public IReadOnlySet<IPAddress> Addresses { get; init; } = new HashSet<IPAddress>();

    /// <summary>The IPv4 networks that the host has routes to, with the interface; without the default route.</summary>
    public IReadOnlyList<HostRoute> Routes { get; init; } = [];

    /// <summary>Reads the script's output; unknown lines are skipped.</summary>
    public static HostFacts Parse(string output)
    {
        var lines = output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 1)
            .ToLookup(words => words[0], words => words[1..]);
        var system = lines["system"].FirstOrDefault() ?? [];
        return new HostFacts
        {
            Clock = lines["clock"].Select(words => ParseClock(words[0])).FirstOrDefault(),
            Kernel = system.ElementAtOrDefault(0) ?? "",
            KernelVersion = system.ElementAtOrDefault(1) ?? "",
            OperatingSystem = string.Join(' ', lines["os"].FirstOrDefault() ?? []).Trim('"'),
            Addresses = lines["own4"]
                .Select(words => ParseAddress(words[0]))
                .Concat(lines["own6"].Select(words => ParseIpv6(words[0])))
                .OfType<IPAddress>()
                .ToHashSet(),
            Routes = [.. lines["route"].Select(ParseRoute).OfType<HostRoute>()],
        };
    }

    private static DateTime? ParseClock(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 253_402_300_800m
            ? DateTime.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : null;

    private static IPAddress? ParseAddress(string text) => IPAddress.TryParse(text, out var address) ? address : null;

    /// <summary>/proc/net/if_inet6 writes 32 hexadecimal digits.</summary>
    private static IPAddress? ParseIpv6(string text)
    {
        try
        {
            return Convert.FromHexString(text) is { Length: 16 } bytes ? new IPAddress(bytes) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>A line of /proc/net/route: interface, destination, gateway, flags, ..., mask (eighth), numbers in the host's byte order, which is little-endian wherever Docker runs.</summary>
    private static HostRoute? ParseRoute(string[] words)
    {
        const int maskColumn = 7;
        if (
            words.Length <= maskColumn
            || ParseWord(words[1]) is not { } network
            || ParseWord(words[maskColumn]) is not { } mask
            || mask == 0
        )
            return null;
        return new HostRoute(words[0], new Ipv4Subnet(network, System.Numerics.BitOperations.PopCount(mask)));
    }

    private static uint? ParseWord(string text) =>
        uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var word)
            ? System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word)
            : null;
}
