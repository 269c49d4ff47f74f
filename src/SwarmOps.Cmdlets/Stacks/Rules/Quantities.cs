using System.Globalization;
using System.Text.RegularExpressions;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Rules;

/// <summary>Durations, sizes and numbers of the Compose file.</summary>
internal static partial class Quantities
{
    /// <summary>A duration such as <c>1m30s</c> (Go's time.ParseDuration, without a sign).</summary>
    public static TimeSpan Duration(string text)
    {
        if (text == "0")
            return TimeSpan.Zero;
        var match = DurationPattern().Match(text);
        if (!match.Success || text.Length == 0)
        {
            throw new StackValueException(
                $"'{YamlScalar.Shown(text)}' is not a duration.",
                YamlScalar.Integer(text) is >= 0
                    ? $"Write the unit: {text}s."
                    : "Write numbers with the units us, ms, s, m or h, such as 1m30s."
            );
        }

        var ticks = 0m;
        foreach (var (number, unit) in match.Groups[1].Captures.Zip(match.Groups[2].Captures, (number, unit) => (number.Value, unit.Value)))
        {
            var perUnit = unit switch
            {
                "h" => TimeSpan.TicksPerHour,
                "m" => TimeSpan.TicksPerMinute,
                "s" => TimeSpan.TicksPerSecond,
                "ms" => TimeSpan.TicksPerMillisecond,
                "ns" => 0.01m,
                _ => TimeSpan.TicksPerMicrosecond,
            };
            ticks += decimal.Parse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * perUnit;
        }

        // The engine counts nanoseconds in 64 bits.
        if (ticks > long.MaxValue / TimeSpan.NanosecondsPerTick)
            throw new StackValueException($"'{YamlScalar.Shown(text)}' is too long.", "Write a duration of less than 292 years.");
        return new TimeSpan((long)ticks);
    }

    /// <summary>A size in bytes: <c>512</c>, <c>64k</c>, <c>50M</c>, <c>1.5gb</c>, <c>1GiB</c>; units are powers of 1024.</summary>
    public static long Bytes(string text)
    {
        var match = BytesPattern().Match(text);
        if (!match.Success)
            throw new StackValueException(
                $"'{YamlScalar.Shown(text)}' is not a size.",
                "Write a number with the unit b, k, m or g, such as 512m or 1.5g."
            );
        var power = match.Groups[2].Value.ToLowerInvariant() switch
        {
            "k" => 1,
            "m" => 2,
            "g" => 3,
            "t" => 4,
            "p" => 5,
            _ => 0,
        };
        var number = decimal.Parse(match.Groups[1].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        var factor = 1L << (10 * power);
        return number <= long.MaxValue / factor
            ? (long)(number * factor)
            : throw new StackValueException($"'{YamlScalar.Shown(text)}' is too large.", "Write less than 8192p.");
    }

    /// <summary>A size whose value may also be -1 for no limit.</summary>
    public static long BytesOrUnlimited(string text) => text == "-1" ? -1 : Bytes(text);

    /// <summary>Processors in 1e-9 of one, from <c>0.5</c>.</summary>
    public static long NanoCpus(string text)
    {
        if (
            text.Length > 30
            || !CpuPattern().IsMatch(text)
            || !decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var cpus)
            || cpus > 1_000_000
        )
            throw new StackValueException(
                $"'{YamlScalar.Shown(text)}' is not a number of processors.",
                "Write a decimal number, such as 0.5 or 2."
            );
        var nano = cpus * 1_000_000_000m;
        return nano == Math.Floor(nano)
            ? (long)nano
            : throw new StackValueException($"'{text}' has more than nine decimal places.", "Write at most nine, such as 0.000000001.");
    }

    /// <summary>An integer that is not negative.</summary>
    public static long Count(string text) =>
        Whole(text) is { } number and >= 0 and <= int.MaxValue
            ? number
            : throw new StackValueException(
                $"'{YamlScalar.Shown(text)}' is not a count.",
                "Write an integer that is not negative, such as 3."
            );

    /// <summary>An integer from 0 to 100.</summary>
    public static long Percent(string text) =>
        Whole(text) is { } number and >= 0 and <= 100
            ? number
            : throw new StackValueException($"'{YamlScalar.Shown(text)}' is not a percentage.", "Write an integer from 0 to 100.");

    /// <summary>An integer that is at least 1.</summary>
    public static long Positive(string text) =>
        Whole(text) is { } number and >= 1 and <= int.MaxValue
            ? number
            : throw new StackValueException(
                $"'{YamlScalar.Shown(text)}' is not a positive number.",
                "Write an integer that is at least 1."
            );

    /// <summary>An integer.</summary>
    public static long Signed(string text) =>
        Whole(text) is { } number
            ? number
            : throw new StackValueException($"'{YamlScalar.Shown(text)}' is not an integer.", "Write an integer, such as 3 or -1.");

    /// <summary>A limit that may be -1 for none.</summary>
    public static long Limit(string text) =>
        Whole(text) is { } number and >= -1
            ? number
            : throw new StackValueException($"'{YamlScalar.Shown(text)}' is not a limit.", "Write an integer, or -1 for no limit.");

    /// <summary>A fraction from 0 to 1.</summary>
    public static double Ratio(string text) =>
        YamlScalar.Number(text) is { } number and >= 0 and <= 1
            ? number
            : throw new StackValueException($"'{YamlScalar.Shown(text)}' is not a ratio.", "Write a number from 0 to 1, such as 0.3.");

    /// <summary>A Boolean, also in the older words that Docker accepts in strings.</summary>
    public static bool Flag(string text) =>
        text.ToLowerInvariant() switch
        {
            "true" or "yes" or "y" or "on" or "1" => true,
            "false" or "no" or "n" or "off" or "0" => false,
            _ => throw new StackValueException($"'{YamlScalar.Shown(text)}' is neither true nor false.", "Write true or false."),
        };

    /// <summary>The value of <c>OOM score adjustment</c>.</summary>
    public static long OomScore(string text) =>
        Whole(text) is { } number and >= -1000 and <= 1000
            ? number
            : throw new StackValueException(
                $"'{YamlScalar.Shown(text)}' is not from -1000 to 1000.",
                "Write an integer from -1000 to 1000."
            );

    private static long? Whole(string text) =>
        YamlScalar.Integer(text)
        ?? (YamlScalar.Number(text) is { } number && number == Math.Floor(number) && Math.Abs(number) < 1e15 ? (long)number : null);

    [GeneratedRegex("^(?:([0-9]{1,12}(?:\\.[0-9]{0,9})?|\\.[0-9]{1,9})(h|ms|us|µs|ns|m|s))+\\z", RegexOptions.CultureInvariant)]
    private static partial Regex DurationPattern();

    [GeneratedRegex("^([0-9]{1,19}(?:\\.[0-9]{1,9})?) ?([kKmMgGtTpP])?[iI]?[bB]?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex BytesPattern();

    [GeneratedRegex("^(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)\\z", RegexOptions.CultureInvariant)]
    private static partial Regex CpuPattern();
}
