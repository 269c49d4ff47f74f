using SwarmOps.Swarm.Managers;

namespace SwarmOps.Tests.Unit;

public sealed class RegionSpreadTests
{
    [Theory]
    [InlineData("a1", "b1 c1")]
    [InlineData("b1", "a1 c1")]
    [InlineData("a2", "b1 c1")]
    public void Three_managers_stand_in_three_regions(string present, string expected) => Assert.Equal(expected, Picks(present, count: 2));

    [Fact]
    public void Five_managers_stand_as_two_two_one() =>
        Assert.Equal(
            [2, 2, 1],
            Places($"a1 {Picks("a1", count: 4)}").GroupBy(place => place.Region).Select(region => region.Count()).OrderDescending()
        );

    [Fact]
    public void A_region_that_is_short_of_managers_comes_first() => Assert.Equal("c1", Picks("a1 a2 b1", count: 1));

    [Fact]
    public void Within_a_region_the_zone_with_fewer_managers_comes_first()
    {
        ManagerPlace[] managers = [new("x", "a", "1")];
        ManagerPlace[] candidates = [new("same", "a", "1"), new("other", "a", "2")];

        Assert.Equal("other", RegionSpread.Next(managers, candidates)!.NodeId);
    }

    [Fact]
    public void Without_regions_the_order_of_the_set_counts()
    {
        ManagerPlace[] candidates = [new("first", null, null), new("second", null, null)];

        Assert.Equal("first", RegionSpread.Next([new("x", null, null)], candidates)!.NodeId);
        Assert.Null(RegionSpread.Next([], []));
    }

    [Fact]
    public void The_most_crowded_region_gives_up_a_manager_first_and_of_equals_the_last()
    {
        var managers = Places("a1 b1 b2 c1").ToList();

        Assert.Equal("b2", RegionSpread.MostCrowded(managers, managers)!.NodeId);
    }

    private static string Picks(string present, int count)
    {
        var managers = Places(present).ToList();
        var pool = Places("a1 a2 b1 b2 c1 c2").Where(place => !managers.Contains(place)).ToList();
        var picks = new List<string>();
        for (var pick = 0; pick < count; pick++)
        {
            var next = RegionSpread.Next(managers, pool)!;
            managers.Add(next);
            pool.Remove(next);
            picks.Add(next.NodeId);
        }

        return string.Join(' ', picks);
    }

    private static IEnumerable<ManagerPlace> Places(string ids) => ids.Split(' ').Select(id => new ManagerPlace(id, id[..1], null));
}
