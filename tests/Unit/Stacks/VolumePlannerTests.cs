using System.Net;
using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Services.Running;
using SwarmOps.Stacks.Planning;
using SwarmOps.Stacks.Specification;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>What a plan says of the volumes of a stack, by what the nodes' engines have.</summary>
public sealed class VolumePlannerTests
{
    private const string Plain = "services: {web: {image: a, volumes: ['data:/d']}}\nvolumes: {data: }";

    private static readonly StackNames Names = new("shop");

    private readonly FakeContext context = new();
    private readonly StackFindings findings = new();
    private readonly List<string> asked = [];

    [Fact]
    public async Task One_that_no_node_has_is_created_by_the_tasks()
    {
        var made = await PlanAsync(Plain, ("a", "[]"), ("b", "null"));
        Assert.Equal([new VolumeStep("shop_data", "local")], made);
        Assert.Equal(["a", "b"], asked.Order());
        Assert.Empty(findings.All);
        Assert.Empty(context.Warnings);
    }

    [Fact]
    public async Task One_that_a_node_has_is_used_as_it_is()
    {
        Assert.Empty(await PlanAsync(Plain, ("a", Volume("shop_data")), ("b", "[]")));
        Assert.Empty(findings.All);
        Assert.Empty(context.Warnings);
    }

    [Fact]
    public async Task One_that_a_service_of_the_swarm_mounts_alike_is_not_asked_for()
    {
        var mounting = StackSwarm.Service(
            JsonNode
                .Parse(
                    """{"Name":"shop_web","Mode":{"Replicated":{}},"TaskTemplate":{"ContainerSpec":{"Mounts":[{"Type":"volume","Source":"shop_data","Target":"/x"}]}}}"""
                )!
                .AsObject()
        );
        Assert.Empty(await PlanAsync(Plain, [mounting], ("a", "[]")));
        Assert.Empty(asked);
    }

    [Fact]
    public async Task Other_options_are_told_without_their_values()
    {
        const string file =
            "services: {web: {image: a, volumes: ['data:/d']}}\nvolumes: {data: {driver_opts: {type: cifs, o: 'password=new'}}}";
        Assert.Empty(await PlanAsync(file, ("a", Volume("shop_data", options: """{"type":"cifs","o":"password=old"}""")), ("b", "[]")));
        Assert.Empty(findings.All);
        var warning = Assert.Single(context.Warnings);
        Assert.StartsWith(
            "The volume 'shop_data' exists on a with other driver options (o) than the file has.",
            warning,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("password", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rexray", true)]
    [InlineData("local", false)]
    public async Task Another_driver_stands_against_the_deployment(string driver, bool conflicts)
    {
        var file = $"services: {{web: {{image: a, volumes: ['data:/d']}}}}\nvolumes: {{data: {{driver: {driver}}}}}";
        await PlanAsync(file, ("a", Volume("shop_data")));
        string[] expected = conflicts ? ["the volume 'shop_data' exists on a with the driver 'local', and the file has 'rexray'"] : [];
        Assert.Equal(expected, findings.All.Select(finding => finding.Problem));
    }

    [Fact]
    public async Task The_tag_of_a_plugin_is_no_other_driver()
    {
        const string file = "services: {web: {image: a, volumes: ['data:/d']}}\nvolumes: {data: {driver: rexray}}";
        Assert.Empty(await PlanAsync(file, ("a", Volume("shop_data", "rexray:latest"))));
        Assert.Empty(findings.All);
    }

    [Fact]
    public async Task An_external_one_must_exist_on_a_node_that_may_run_the_service()
    {
        const string file = "services: {web: {image: a, volumes: ['data:/d']}}\nvolumes: {data: {external: true}}";
        await PlanAsync(file, ("a", "[]"), ("b", "[]"));
        Assert.Equal(
            "the external volume 'data' of 'shop_web' exists on none of the nodes that may run it",
            Assert.Single(findings.All).Problem
        );

        await PlanAsync(file, ("a", Volume("data")), ("b", "[]"));
        Assert.Single(findings.All);
        Assert.StartsWith("The external volume 'data' does not exist on b: ", Assert.Single(context.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_does_not_answer_may_have_it()
    {
        const string file = "services: {web: {image: a, volumes: ['data:/d']}}\nvolumes: {data: {external: true}}";
        await PlanAsync(file, ("a", "[]"), ("b", ""));
        Assert.Empty(findings.All);
        Assert.Single(context.Warnings);
    }

    [Fact]
    public async Task No_task_creates_one_without_tasks()
    {
        Assert.Empty(await PlanAsync(Plain.Replace("image: a", "image: a, deploy: {replicas: 0}", StringComparison.Ordinal), ("a", "[]")));
        Assert.Empty(asked);
    }

    private static string Volume(string name, string driver = "local", string options = "null") =>
        $$"""[{"Name":"{{name}}","Driver":"{{driver}}","Options":{{options}}},{"Name":"{{name}}2","Driver":"other","Options":null}]""";

    private Task<IReadOnlyList<VolumeStep>> PlanAsync(string file, params (string Node, string Volumes)[] nodes) =>
        PlanAsync(file, [], nodes);

    private async Task<IReadOnlyList<VolumeStep>> PlanAsync(
        string file,
        IReadOnlyList<ServiceState> present,
        params (string Node, string Volumes)[] nodes
    )
    {
        var stack = MemoryFiles.Stack(file);
        var connections = nodes.ToDictionary(node => node.Node, node => new VolumeEngine(node.Node, node.Volumes, asked));
        context.Connect = node => connections[node.Name];
        var members = nodes
            .Select(node => new NodeListResponse
            {
                ID = "id-" + node.Node,
                Spec = new NodeUpdateParameters { Role = "manager", Availability = "active" },
                Status = new NodeStatus { State = "ready" },
            })
            .ToList();
        var reports = connections.Values.Select(connection => new NodeReport(connection.Node, Observed(connection), null)).ToList();
        var swarm = SwarmSession.Of(context, reports, new SwarmView(connections.Values.First(), "swarm", members), TimeSpan.Zero);
        var state = StackSwarm.Nothing with { Services = present };
        var steps = stack.Services.Select(service => new ServiceStep(service, Names.Scoped(service.Key), [], null, [])).ToList();
        return await new VolumePlanner(swarm, Names, state, 4, findings).PlanAsync(stack, steps);
    }

    private static NodeObservation Observed(VolumeEngine connection) =>
        new(
            connection.Node,
            connection,
            new SystemInfoResponse
            {
                Name = connection.Node.Name,
                Swarm = new Info { NodeID = "id-" + connection.Node.Name, LocalNodeState = "active" },
            }
        );

    /// <summary>An engine that only lists volumes; without any text it does not answer.</summary>
    private sealed class VolumeEngine(string name, string volumes, List<string> asked) : HttpMessageHandler, INodeConnection
    {
        public SwarmNode Node { get; } = new() { Name = name };

        public Task<Docker.DotNet.IDockerClient> GetEngineAsync(CancellationToken cancellationToken) =>
            throw new InvalidOperationException("This test asks in JSON.");

        public Task<EngineApi> GetApiAsync(CancellationToken cancellationToken) =>
            volumes.Length == 0
                ? throw TransportErrors.NodeUnreachable(Node, "it is silent", null)
                : Task.FromResult(new EngineApi(this, new Uri("http://engine/"), new System.Version(1, 41)));

        public Task<CommandResult> RunAsync(NodeCommand command, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("This test runs no command.");

        public Task ResetAsync() => Task.CompletedTask;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            lock (asked)
                asked.Add(name);
            return Task.FromResult(
                new HttpResponseMessage(HttpStatusCode.OK)
                {
                    Content = new StringContent($"{{\"Volumes\":{volumes}}}", System.Text.Encoding.UTF8, "application/json"),
                }
            );
        }
    }
}
