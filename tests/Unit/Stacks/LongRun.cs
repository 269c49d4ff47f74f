using System.Globalization;

namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>How much a random test does: little in the usual run, all that was promised if SWARMOPS_LONG=all. SWARMOPS_SEED repeats a run.</summary>
internal static class LongRun
{
    public static int Count(int usual, int nightly) => Environment.GetEnvironmentVariable("SWARMOPS_LONG") == "all" ? nightly : usual;

    public static int Seed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("SWARMOPS_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var given)
            ? given
            : 20261130;
}
