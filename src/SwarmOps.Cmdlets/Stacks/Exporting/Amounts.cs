using System.Globalization;

namespace SwarmOps.Stacks.Exporting;

/// <summary>Numbers of the engine as Compose files have them.</summary>
internal static class Amounts
{
    private static readonly (long Size, string Unit)[] Durations = [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us"), (1, "ns")];
    private static readonly (long Size, string Unit)[] Sizes = [(1L << 30, "G"), (1L << 20, "M"), (1L << 10, "K"), (1, "b")];

    /// <summary>Nanoseconds, such as <c>10s</c>.</summary>
    public static string Duration(long nanoseconds) => In(nanoseconds, Durations);

    /// <summary>Bytes, such as <c>64M</c>.</summary>
    public static string Bytes(long bytes) => In(bytes, Sizes);

    /// <summary>Processors in 1e-9 of one, such as <c>0.5</c>.</summary>
    public static string Cpus(long nano) => ((decimal)nano / 1_000_000_000).ToString("0.#########", CultureInfo.InvariantCulture);

    /// <summary>The mode of a file, such as <c>0444</c>.</summary>
    public static string Mode(long mode) => Convert.ToString(mode, 8).PadLeft(4, '0');

    private static string In(long amount, (long Size, string Unit)[] units)
    {
        var (size, unit) = units.First(one => amount % one.Size == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{amount / size}{unit}");
    }
}
