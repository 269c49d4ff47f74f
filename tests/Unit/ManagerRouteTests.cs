using SwarmOps.Swarm;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

/// <summary>The way into a swarm whose first manager does not answer.</summary>
public sealed class ManagerRouteTests
{
    [Fact]
    public async Task One_that_did_not_answer_does_not_hold_up_the_next_call()
    {
        var asked = new List<string>();
        await using var silent = Connection("silent");
        await using var sound = Connection("sound");
        var route = new ManagerRoute(new FakeContext(), "swarm", [silent, sound]);

        Assert.Equal("sound", await AskAsync());
        Assert.Equal("sound", await AskAsync());

        Assert.Equal(["silent", "sound", "sound"], asked);

        // A lock's renewals come each with a context of its own.
        Task<string> AskAsync() => route.For(new FakeContext(), TimeSpan.FromMilliseconds(200)).AskAsync(
            async (manager, token) =>
            {
                asked.Add(manager.Node.Name);
                await Task.Delay(manager == silent ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, token);
                return manager.Node.Name;
            },
            TimeSpan.FromSeconds(10));
    }

    private static NodeConnection Connection(string name) =>
        NodeConnection.Create(new SwarmNode { Name = name, DockerHost = "tcp://192.0.2.1:2376" }, new ConnectionOptions(null, TimeSpan.FromSeconds(1)));
}
