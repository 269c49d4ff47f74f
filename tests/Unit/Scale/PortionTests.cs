using SwarmOps.Pipeline;

namespace SwarmOps.Tests.Unit;

public sealed class PortionTests
{
    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "1")]
    [InlineData(1000, "1000")]
    [InlineData(1001, "1000 1")]
    [InlineData(2500, "1000 1000 500")]
    public async Task No_portion_is_larger_than_its_size(int count, string expected)
    {
        var sizes = new List<int>();
        var portions = new Portions<int>(portion =>
        {
            sizes.Add(portion.Count);
            return Task.CompletedTask;
        });

        for (var item = 0; item < count; item++)
            await portions.AddAsync(item);
        await portions.FlushAsync();

        Assert.Equal(expected, string.Join(' ', sizes));
    }

    [Fact]
    public void A_name_is_missing_until_an_object_has_it()
    {
        var names = new NameChoice(NameFilters.From(["web", "DB", "x*", "gone"]));

        Assert.True(names.Takes("web"));
        Assert.True(names.Takes("other", "db"));
        Assert.True(names.Takes("xyz"));
        Assert.False(names.Takes("another"));

        Assert.Equal(["gone"], names.Missing);
    }

    [Fact]
    public void Without_names_everything_is_requested()
    {
        var names = new NameChoice([]);

        Assert.True(names.Takes("web"));
        Assert.Empty(names.Missing);
    }
}
