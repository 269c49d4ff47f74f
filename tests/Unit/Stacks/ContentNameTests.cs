using System.Text;
using SwarmOps.Services.Stored;
using SwarmOps.Stacks.Model;
using SwarmOps.Stacks.Planning;

namespace SwarmOps.Tests.Unit.Stacks;

public sealed class ContentNameTests
{
    private static readonly Dictionary<string, string?> NoLabels = [];

    [Fact]
    public void The_same_content_has_the_same_name_and_other_content_another()
    {
        var name = ContentName.Of(StoredKind.Config, "shop_conf", File("a"), NoLabels, "swarm");
        Assert.Matches("^shop_conf-[0-9a-f]{12}$", name);
        Assert.Equal(name, ContentName.Of(StoredKind.Config, "shop_conf", File("a"), NoLabels, "other"));
        Assert.NotEqual(name, ContentName.Of(StoredKind.Config, "shop_conf", File("b"), NoLabels, "swarm"));
        Assert.NotEqual(
            name,
            ContentName.Of(StoredKind.Config, "shop_conf", File("a"), new Dictionary<string, string?> { ["l"] = "m" }, "swarm")
        );
        Assert.NotEqual(
            name,
            ContentName.Of(StoredKind.Config, "shop_conf", File("a") with { TemplateDriver = "golang" }, NoLabels, "swarm")
        );
    }

    [Fact]
    public void The_name_of_a_secret_differs_from_swarm_to_swarm_and_is_no_plain_hash()
    {
        var name = ContentName.Of(StoredKind.Secret, "shop_pw", File("a"), NoLabels, "swarm");
        Assert.Equal(name, ContentName.Of(StoredKind.Secret, "shop_pw", File("a"), NoLabels, "swarm"));
        Assert.NotEqual(name, ContentName.Of(StoredKind.Secret, "shop_pw", File("a"), NoLabels, "other"));
        Assert.NotEqual(name, ContentName.Of(StoredKind.Config, "shop_pw", File("a"), NoLabels, "swarm"));
    }

    [Fact]
    public void A_long_name_is_cut_before_the_hash()
    {
        var name = ContentName.Of(StoredKind.Config, new string('n', 64), File("a"), NoLabels, "swarm");
        Assert.Equal(64, name.Length);
        Assert.Matches("^n{51}-[0-9a-f]{12}$", name);
    }

    private static StackFileObject File(string content) =>
        new("conf", null, StackFileOrigin.Content) { Value = new StackValue(Encoding.UTF8.GetBytes(content)) };
}
