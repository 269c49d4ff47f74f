namespace SwarmOps.Tests.Lab;

/// <summary>Tests that take long, or prove once more what a shorter one proves: <c>./build.sh nightly</c> runs them all.</summary>
internal static class Nightly
{
    /// <summary>Whether they are asked for.</summary>
    public static bool IsAsked { get; } = Environment.GetEnvironmentVariable("SWARMOPS_LONG") == "all";

    /// <summary>Skips the test that calls it in the usual run.</summary>
    public static void SkipUnlessAsked() => Assert.SkipUnless(IsAsked, "long: SWARMOPS_LONG=all");
}
