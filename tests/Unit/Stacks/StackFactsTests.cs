using SwarmOps.Services.Stored;
using SwarmOps.Stacks.Model;
using SwarmOps.Stacks.Planning;

namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>What is found out once for both passes of a cmdlet.</summary>
public sealed class StackFactsTests
{
    private static readonly Dictionary<string, string?> NoLabels = [];

    [Fact]
    public async Task The_slow_hash_of_a_secret_is_made_once_for_a_value()
    {
        var facts = new StackFacts();
        var first = facts.NameAsync(StoredKind.Secret, "shop_pw", File("a"), NoLabels, "swarm");
        Assert.Same(first, facts.NameAsync(StoredKind.Secret, "shop_pw", File("a"), NoLabels, "swarm"));
        Assert.Equal(ContentName.Of(StoredKind.Secret, "shop_pw", File("a"), NoLabels, "swarm"), await first);

        var changed = facts.NameAsync(StoredKind.Secret, "shop_pw", File("b"), NoLabels, "swarm");
        Assert.NotEqual(await first, await changed);
        Assert.NotEqual(await first, await facts.NameAsync(StoredKind.Secret, "shop_pw", File("a"), NoLabels, "other"));
        Assert.NotEqual(await first, await facts.NameAsync(StoredKind.Config, "shop_pw", File("a"), NoLabels, "swarm"));
    }

    [Fact]
    public void A_digest_is_kept_for_the_credential_that_it_was_read_with()
    {
        var facts = new StackFacts();
        facts.Keep(new PlannedImage("web:1", "web:1@sha256:1", null, "login"));
        facts.Keep(new PlannedImage("db:1", null, null, null));
        Assert.Equal("web:1@sha256:1", facts.Image("web:1", "login")?.Pinned);
        Assert.Null(facts.Image("web:1", null));
        // What no registry returned is asked for again.
        Assert.Null(facts.Image("db:1", null));
    }

    private static StackFileObject File(string content) =>
        new("pw", null, StackFileOrigin.Environment) { Value = new StackValue(System.Text.Encoding.UTF8.GetBytes(content)) };
}
