using System.Text.Json.Nodes;
using SwarmOps.Services.Running;
using SwarmOps.Services.Stored;

namespace SwarmOps.Tests.Unit.Services;

/// <summary>What a rotation does, from what the swarm has.</summary>
public sealed class RotationPlanTests
{
    [Fact]
    public void A_new_value_is_a_new_version_for_all_users_and_the_older_ones_go_last()
    {
        var plan = Make(
            [Version(1, "one"), Version(2, "two"), Item("other", 1, "x")],
            [Uses("b", "two"), Uses("a", "one"), Uses("c", "x")]
        );

        Assert.Equal((null, 3, false), (plan.Present, plan.NextVersion, plan.IsDone));
        Assert.Equal(["a", "b"], plan.Services.Select(service => service.Name));
        Assert.Equal(["one", "two"], plan.Removable.Select(item => item.Id));
        Assert.Equal(
            "Create version 3 of the secret 'pw'; then move a, b to it, one at a time; then remove pw, pw-v2",
            plan.Words(StoredKind.Secret, "pw")
        );
    }

    [Fact]
    public void A_version_that_is_right_is_given_to_those_that_a_killed_run_left()
    {
        var plan = Make([Version(1, "one"), Version(2, "two")], [Uses("a", "two"), Uses("b", "one")], isRight: true);

        Assert.Equal("two", plan.Present?.Id);
        Assert.Equal(["b"], plan.Services.Select(service => service.Name));
        Assert.Equal("Move b to version 2, one at a time; then remove pw", plan.Words(StoredKind.Secret, "pw"));
    }

    [Fact]
    public void Only_what_is_older_is_left_to_remove()
    {
        var plan = Make([Version(1, "one"), Version(2, "two")], [Uses("a", "two")], isRight: true);

        Assert.Equal("Remove pw", plan.Words(StoredKind.Secret, "pw"));
        Assert.False(plan.IsDone);
    }

    [Fact]
    public void One_version_that_is_right_for_all_is_done()
    {
        var plan = Make([Version(4, "four")], [Uses("a", "four")], isRight: true);

        Assert.True(plan.IsDone);
        Assert.Equal("", plan.Words(StoredKind.Secret, "pw"));
    }

    [Fact]
    public void Whether_it_is_right_is_asked_of_the_newest_and_told_of_older_ones()
    {
        List<(string, bool)> asked = [];
        bool Ask(StoredItem item, bool hasOlder)
        {
            asked.Add((item.Id, hasOlder));
            return true;
        }

        RotationPlan.Make("pw", [Version(10, "ten"), Version(9, "nine")], [], Ask);
        RotationPlan.Make("pw", [Version(1, "one")], [], Ask);

        Assert.Equal([("ten", true), ("one", false)], asked);
    }

    [Fact]
    public void Jobs_are_left_alone_and_keep_their_version()
    {
        var job = new ServiceState(Document("job", "one", """, "Mode": { "ReplicatedJob": {} }"""));
        var plan = Make([Version(1, "one"), Version(2, "two")], [Uses("a", "two"), job]);

        Assert.Equal(["a"], plan.Services.Select(service => service.Name));
        Assert.Equal(["job"], plan.Jobs.Select(service => service.Name));
        Assert.Equal(["two"], plan.Removable.Select(item => item.Id));
    }

    [Fact]
    public void A_number_whose_name_something_else_has_is_passed_over() =>
        Assert.Equal(4, Make([Version(1, "one"), Item("pw-v2", 1, "x"), Item("pw-v3", 1, "y")], []).NextVersion);

    [Fact]
    public void Labels_go_on_without_those_that_the_module_writes()
    {
        var item = new StoredItem(
            StoredKind.Secret,
            JsonNode.Parse(
                """{"ID":"1","Spec":{"Name":"pw","Labels":{"swarmops.name":"pw","swarmops.version":"1","swarmops.generated":"x","team":"web"}}}"""
            )!
        );

        Assert.Equal([new("team", "web")], Make([item], []).Labels);
    }

    [Fact]
    public void What_is_not_there_has_no_plan() => Assert.Null(RotationPlan.Make("pw", [Item("other", 1, "x")], [], (_, _) => true));

    private static RotationPlan Make(IReadOnlyList<StoredItem> items, IReadOnlyList<ServiceState> services, bool isRight = false) =>
        RotationPlan.Make("pw", items, services, (_, _) => isRight)!;

    private static StoredItem Version(int version, string id) => Item("pw", version, id);

    private static StoredItem Item(string name, int version, string id) =>
        new(
            StoredKind.Secret,
            JsonNode.Parse(
                $$"""{ "ID": "{{id}}", "Spec": { "Name": "{{StoredItem.ObjectNameOf(name, version)}}", "Labels": { "swarmops.name": "{{name}}", "swarmops.version": "{{version}}" } } }"""
            )!
        );

    private static ServiceState Uses(string name, string id) => new(Document(name, id, ""));

    private static JsonNode Document(string name, string id, string more) =>
        JsonNode.Parse(
            $$"""{ "ID": "{{name}}", "Spec": { "Name": "{{name}}", "TaskTemplate": { "ContainerSpec": { "Secrets": [{ "SecretID": "{{id}}", "SecretName": "?" }] } } {{more}} } }"""
        )!;
}
