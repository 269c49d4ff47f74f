using System.Globalization;
using System.Net;
using SwarmOps.Nodes;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Rules;

/// <summary>A published port as it is written in the short form, with ranges resolved.</summary>
/// <param name="Address">The address of the host; null for all.</param>
/// <param name="Published">The published port; 0 lets the swarm choose one.</param>
/// <param name="Target">The port of the container.</param>
/// <param name="Protocol">tcp, udp or sctp.</param>
internal sealed record ShortPort(string? Address, int Published, int Target, string Protocol);

/// <summary>The short form of ports: <c>[address:][published:]target[/protocol]</c>, each port may be a range.</summary>
internal static class PortForm
{
    /// <summary>More ports of one entry than these are a mistake.</summary>
    private const int MostPorts = 1000;

    private const string Example = "Write \"80\", \"8080:80\", \"8080:80/udp\" or \"8000-8005:8000-8005\", in quotes.";

    /// <summary>The ports of an entry.</summary>
    public static IReadOnlyList<ShortPort> Parse(string text)
    {
        var slash = text.Split('/');
        if (slash.Length > 2)
            throw Invalid(text);
        var protocol = slash.Length == 2 ? Protocol(slash[1]) : "tcp";
        var (address, rest) = SplitAddress(slash[0], text);
        var parts = rest.Split(':');
        if (parts.Length > 2)
            throw Invalid(text);
        var target = Range(parts[^1], text);
        if (parts.Length == 1 || (address is not null && parts[0].Length == 0))
            return [.. Numbers(target).Select(port => new ShortPort(address, 0, port, protocol))];
        var published = Range(parts[0], text);
        if (Length(target) == 1)
            return [.. Numbers(published).Select(port => new ShortPort(address, port, target.First, protocol))];
        if (Length(published) != Length(target))
        {
            throw new StackValueException(
                $"The ranges of '{YamlScalar.Shown(text)}' have {Length(published)} and {Length(target)} ports.",
                "Write ranges of the same length."
            );
        }

        return [.. Numbers(published).Zip(Numbers(target), (from, to) => new ShortPort(address, from, to, protocol))];
    }

    /// <summary>One port.</summary>
    public static int Single(string text) =>
        YamlScalar.Integer(text) is { } number && PortNumber.IsValid((int)Math.Clamp(number, 0, int.MaxValue))
            ? (int)number
            : throw new StackValueException($"'{YamlScalar.Shown(text)}' is not a port.", "Write a number from 1 to 65535.");

    /// <summary>A published port of the long form.</summary>
    public static int Published(string text)
    {
        if (text.Contains('-', StringComparison.Ordinal) && !text.StartsWith('-'))
        {
            throw new StackValueException(
                $"'{YamlScalar.Shown(text)}' is a range of published ports, of which a swarm cannot choose one.",
                "Write one port, or omit 'published': the swarm then chooses one from 30000 to 32767."
            );
        }

        return text == "0" ? 0 : Single(text);
    }

    /// <summary>A protocol.</summary>
    public static string Protocol(string text) =>
        text.ToLowerInvariant() is "tcp" or "udp" or "sctp"
            ? text.ToLowerInvariant()
            : throw new StackValueException($"'{YamlScalar.Shown(text)}' is not a protocol.", "Write tcp, udp or sctp.");

    private static (string? Address, string Ports) SplitAddress(string text, string whole)
    {
        if (text.StartsWith('['))
        {
            var end = text.IndexOf("]:", StringComparison.Ordinal);
            if (end < 0 || !IPAddress.TryParse(text[1..end], out _))
                throw Invalid(whole);
            return (text[1..end], text[(end + 2)..]);
        }

        var parts = text.Split(':');
        if (parts.Length < 3)
            return (null, text);
        var address = string.Join(':', parts[..^2]);
        if (!IPAddress.TryParse(address, out _))
            throw Invalid(whole);
        return (address, $"{parts[^2]}:{parts[^1]}");
    }

    private static (int First, int Last) Range(string text, string whole)
    {
        var ends = text.Split('-');
        if (ends.Length > 2 || ends.Any(end => end.Length == 0 || end.Length > 9 || !end.All(char.IsAsciiDigit)))
            throw Invalid(whole);
        var first = int.Parse(ends[0], CultureInfo.InvariantCulture);
        var last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
        if (!PortNumber.IsValid(first) || !PortNumber.IsValid(last))
            throw new StackValueException(
                $"'{YamlScalar.Shown(whole)}' has a port that is not from 1 to 65535.",
                "Write ports from 1 to 65535."
            );
        if (last < first)
            throw new StackValueException(
                $"The range {text} of '{YamlScalar.Shown(whole)}' ends before it begins.",
                $"Write {last}-{first}."
            );
        return last - first < MostPorts
            ? (first, last)
            : throw new StackValueException(
                $"'{YamlScalar.Shown(whole)}' publishes more than {MostPorts} ports.",
                "Attach the service to the network 'host', or publish fewer ports."
            );
    }

    private static int Length((int First, int Last) range) => range.Last - range.First + 1;

    private static IEnumerable<int> Numbers((int First, int Last) range) => Enumerable.Range(range.First, Length(range));

    private static StackValueException Invalid(string text) => new($"'{YamlScalar.Shown(text)}' is not a port.", Example);
}
