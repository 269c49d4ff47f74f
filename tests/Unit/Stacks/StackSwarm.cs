using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using SwarmOps.Services.Running;
using SwarmOps.Services.Stored;
using SwarmOps.Stacks.Planning;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>A swarm that has what a test says, and answers nothing.</summary>
internal static class StackSwarm
{
    public static StackState Nothing { get; } = new([], [], [], []);

    public static SwarmSession Session(params NodeListResponse[] members) =>
        SwarmSession.Of(new FakeContext(), [], new SwarmView(new NoConnection(), "swarm", members), TimeSpan.Zero);

    /// <summary>A service as it comes over the wire.</summary>
    public static ServiceState Service(JsonObject spec) =>
        new(JsonNode.Parse($"{{\"ID\":\"s1\",\"Version\":{{\"Index\":7}},\"Spec\":{spec.ToJsonString()}}}")!);

    public static StoredItem Config(string name, string content, string? stack, string id = "c1") =>
        new(
            StoredKind.Config,
            new JsonObject
            {
                ["ID"] = id,
                ["Spec"] = new JsonObject
                {
                    ["Name"] = name,
                    ["Labels"] = stack is null ? new JsonObject() : new JsonObject { ["com.docker.stack.namespace"] = stack },
                    ["Data"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(content)),
                },
            }
        );

    public static NetworkResponse Network(string name, string? stack) =>
        new()
        {
            ID = "id-" + name,
            Name = name,
            Driver = "overlay",
            Scope = "swarm",
            Labels = stack is null ? [] : new Dictionary<string, string> { ["com.docker.stack.namespace"] = stack },
            Options = new Dictionary<string, string> { ["com.docker.network.driver.overlay.vxlanid_list"] = "4097" },
        };

    private sealed class NoConnection : INodeConnection
    {
        public SwarmNode Node { get; } = new() { Name = "m" };

        public Task<Docker.DotNet.IDockerClient> GetEngineAsync(CancellationToken cancellationToken) => throw Asked();

        public Task<EngineApi> GetApiAsync(CancellationToken cancellationToken) => throw Asked();

        public Task<CommandResult> RunAsync(NodeCommand command, CancellationToken cancellationToken) => throw Asked();

        public Task ResetAsync() => Task.CompletedTask;

        private static InvalidOperationException Asked() => new("This test asks no engine.");
    }
}
