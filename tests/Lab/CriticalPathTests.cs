using System.Globalization;
using System.Text.RegularExpressions;

namespace SwarmOps.Tests.Lab;

/// <summary>
/// How many round trips of each stage wait for each other: over a WAN, that is what the stage costs. The numbers may only fall: a stage that needs one more has a new wait,
/// which docs/performance.md must justify.
/// </summary>
public sealed partial class CriticalPathTests(LabFixture lab) : IDisposable
{
    private static readonly string[] Stages =
    [
        "Initialize-Swarm",
        "Join-SwarmAsWorker",
        "Step-SwarmPromotion",
        "New-EncryptedOverlay -Name internal",
    ];

    private static readonly int[] FromBareEngines = [13, 13, 12, 8];

    private static readonly int[] Again = [3, 1, 1, 2];

    /// <summary>In a pipeline of its own, where the engines have the probes' image already.</summary>
    private const int OverlayTest = 10;

    private const int Runs = 3;

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task No_stage_waits_for_more_round_trips_than_it_did()
    {
        var nodes = session.Nodes(lab);
        var line = "$n | " + string.Join(" | ", Stages.Select(stage => $"{stage} -Verbose")) + " -WarningAction SilentlyContinue";

        // A read that is repeated because a busy machine was late makes a path longer: the shortest of some runs is the stage's own.
        IReadOnlyList<int> first = [];
        for (var run = 1; run <= Runs && !first.SequenceEqual(FromBareEngines); run++)
        {
            await lab.ResetAsync();
            var paths = Paths(session.Run(line, ("n", nodes)).ThrowOnError());
            first = run == 1 ? paths : [.. first.Zip(paths, (one, other) => Math.Min(one, other))];
        }

        var second = Paths(session.Run(line, ("n", nodes)).ThrowOnError());
        session.Run("$n | New-EncryptedOverlay -Name plain -Unencrypted -WarningAction SilentlyContinue", ("n", nodes)).ThrowOnError();
        session.Run("$n | Test-SwarmOverlay -Name plain -Quiet", ("n", nodes)).ThrowOnError();
        var test = Paths(session.Run("$n | Test-SwarmOverlay -Name plain -Verbose", ("n", nodes)).ThrowOnError());

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"from bare engines {string.Join(", ", first)}; again {string.Join(", ", second)}; Test-SwarmOverlay {string.Join(", ", test)}"
        );
        AssertNoLonger(FromBareEngines, first);
        AssertNoLonger(Again, second);
        AssertNoLonger([OverlayTest], test);
    }

    private static void AssertNoLonger(IReadOnlyList<int> most, IReadOnlyList<int> paths)
    {
        Assert.Equal(most.Count, paths.Count);
        Assert.All(most.Zip(paths), pair => Assert.InRange(pair.Second, 1, pair.First));
    }

    private static IReadOnlyList<int> Paths(Outcome outcome) =>
        [
            .. outcome
                .Verbose.Select(line => PathLine().Match(line))
                .Where(match => match.Success)
                .Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)),
        ];

    [GeneratedRegex("^Critical path: ([0-9]+) round trips?$")]
    private static partial Regex PathLine();
}
