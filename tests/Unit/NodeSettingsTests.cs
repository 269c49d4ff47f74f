using System.Collections;
using Docker.DotNet.Models;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Tests.Unit;

public sealed class NodeSettingsTests
{
    [Fact]
    public void Labels_are_merged_and_others_stay()
    {
        var spec = Spec(("disk", "hdd"), ("rack", "7"), ("old", "x"));
        var settings = NodeSettings.Create(
            SwarmNodeAvailability.Drain,
            new Hashtable { ["disk"] = "ssd", ["n"] = 3 },
            ["old", "absent"],
            "eu",
            null
        );

        Assert.Equal(
            ["availability drain (was active)", "label disk=ssd (was hdd)", "label n=3", "label region=eu", "remove label old"],
            settings.Differences(spec)
        );
        Assert.True(settings.ApplyTo(spec));
        Assert.Equal(["disk=ssd", "n=3", "rack=7", "region=eu"], spec.Labels.Select(label => $"{label.Key}={label.Value}").Order());
        Assert.Equal("drain", spec.Availability);
        Assert.Equal("manager", spec.Role);
    }

    [Fact]
    public void What_is_so_already_changes_nothing()
    {
        var spec = Spec(("disk", "ssd"));
        var settings = NodeSettings.Create(SwarmNodeAvailability.Active, new Hashtable { ["disk"] = "ssd" }, ["absent"], null, null);

        Assert.Empty(settings.Differences(spec));
        Assert.False(settings.ApplyTo(spec));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a=b")]
    [InlineData("-a")]
    [InlineData("ü")]
    [InlineData("a\nb")]
    public void A_name_that_no_constraint_could_name_is_refused(string name)
    {
        Assert.Equal("NodeLabelInvalid", Refusal(() => NodeSettings.Create(null, new Hashtable { [name] = "x" }, [], null, null)));
        Assert.Equal("NodeLabelInvalid", Refusal(() => NodeSettings.Create(null, null, [name], null, null)));
    }

    [Fact]
    public void A_value_that_is_no_text_is_refused()
    {
        Assert.Equal("NodeLabelInvalid", Refusal(() => NodeSettings.Create(null, new Hashtable { ["a"] = new[] { "x" } }, [], null, null)));
        Assert.Equal("NodeLabelInvalid", Refusal(() => NodeSettings.Create(null, new Hashtable { ["a"] = "x\ny" }, [], null, null)));
        Assert.Equal(
            "NodeLabelInvalid",
            Refusal(() => NodeSettings.Create(null, new Hashtable { ["a"] = new Hashtable() }, [], null, null))
        );
        Assert.Equal("NodeLabelInvalid", Refusal(() => NodeSettings.Create(null, null, [], "eu\t1", null)));
    }

    [Fact]
    public void A_label_that_is_given_twice_is_refused()
    {
        Assert.Equal("LabelConflict", Refusal(() => NodeSettings.Create(null, new Hashtable { ["a"] = "x" }, ["a"], null, null)));
        Assert.Equal("LabelConflict", Refusal(() => NodeSettings.Create(null, new Hashtable { ["region"] = "x" }, [], "y", null)));
        Assert.Equal("LabelConflict", Refusal(() => NodeSettings.Create(null, null, ["zone"], null, "z")));
    }

    [Fact]
    public void Nothing_to_set_is_refused()
    {
        Assert.Equal("NothingToSet", Refusal(() => NodeSettings.Create(null, null, [], null, null)));
        Assert.Equal("NothingToSet", Refusal(() => NodeSettings.Create(null, new Hashtable(), [], null, null)));
        Assert.Equal("AvailabilityInvalid", Refusal(() => NodeSettings.Create((SwarmNodeAvailability)9, null, [], null, null)));
    }

    private static string Refusal(Action action) => Assert.Throws<SwarmOpsException>(action).ErrorId;

    private static NodeUpdateParameters Spec(params (string Name, string Value)[] labels) =>
        new()
        {
            Role = "manager",
            Availability = "active",
            Labels = labels.ToDictionary(label => label.Name, label => label.Value),
        };
}
