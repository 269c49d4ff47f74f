using System.Text.Json.Nodes;
using SwarmOps.Services.Registry;
using SwarmOps.Services.Stored;
using SwarmOps.Stacks;
using SwarmOps.Stacks.Planning;
using SwarmOps.Stacks.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>What a plan makes of a stack and a swarm, part by part.</summary>
public sealed class StackPlanTests
{
    private static readonly StackNames Names = new("shop");

    [Fact]
    public async Task A_config_of_docker_stack_deploy_is_kept_while_its_content_is_the_same()
    {
        var stack = MemoryFiles.Stack("services: {web: {image: a}}\nconfigs: {conf: {content: one}}");
        var same = StackSwarm.Nothing with { Configs = [StackSwarm.Config("shop_conf", "one", "shop")] };
        var other = StackSwarm.Nothing with { Configs = [StackSwarm.Config("shop_conf", "two", "shop")] };

        var kept = await ConfigAsync(stack, same);
        Assert.Equal(("shop_conf", false), (kept.Name, kept.IsNew));

        var changed = await ConfigAsync(stack, other);
        Assert.Matches("^shop_conf-[0-9a-f]{12}$", changed.Name);
        Assert.Equal((true, 2), (changed.IsNew, changed.Version));
        Assert.True(changed.IsVersion(other.Configs[0]));
    }

    [Fact]
    public async Task A_config_with_a_name_of_its_own_has_it_until_its_content_changes()
    {
        var stack = MemoryFiles.Stack("services: {web: {image: a}}\nconfigs: {conf: {content: one, name: nginx-1}}");

        Assert.Equal("nginx-1", (await ConfigAsync(stack, StackSwarm.Nothing)).Name);
        var changed = await ConfigAsync(stack, StackSwarm.Nothing with { Configs = [StackSwarm.Config("nginx-1", "two", "shop")] });
        Assert.Matches("^nginx-1-[0-9a-f]{12}$", changed.Name);
    }

    [Fact]
    public async Task Somebody_elses_config_is_not_taken_over()
    {
        var findings = new StackFindings();
        var stack = MemoryFiles.Stack("services: {web: {image: a}}\nconfigs: {conf: {content: one, name: theirs}}");
        await ConfigAsync(stack, StackSwarm.Nothing with { Configs = [StackSwarm.Config("theirs", "one", stack: null)] }, findings);
        Assert.Contains("does not belong to the stack", Assert.Single(findings.All).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_external_config_stands_against_the_deployment()
    {
        var findings = new StackFindings();
        var stack = MemoryFiles.Stack("services: {web: {image: a}}\nconfigs: {conf: {external: true}}");
        await ConfigAsync(stack, StackSwarm.Nothing, findings);
        Assert.Equal("the external config 'conf' does not exist", Assert.Single(findings.All).Problem);
    }

    [Theory]
    [InlineData("{}", "")]
    [InlineData("{attachable: true}", "attachable: false -> true")]
    [InlineData("{driver_opts: {encrypted: ''}}", "option encrypted: none -> ''")]
    [InlineData("{ipam: {config: [{subnet: 10.9.0.0/24}]}}", "subnet:  -> 10.9.0.0/24")]
    public void A_network_that_differs_cannot_be_changed(string definition, string expected)
    {
        var stack = MemoryFiles.Stack($"services: {{web: {{image: a, networks: [n]}}}}\nnetworks: {{n: {definition}}}");
        Assert.Equal(expected, string.Join("; ", NetworkPlanner.Differences(stack.Networks[0], StackSwarm.Network("shop_n", "shop"))));
    }

    [Fact]
    public void Only_networks_that_services_use_are_created()
    {
        var stack = MemoryFiles.Stack(
            "services: {web: {image: a, networks: [n, out]}}\nnetworks: {n: , spare: , out: {external: true, name: host}}"
        );
        var findings = new StackFindings();
        var steps = new NetworkPlanner(Names, StackSwarm.Nothing, findings).Plan(stack);
        Assert.Equal([("shop_n", true), ("host", false)], steps.Select(step => (step.Name, step.IsNew)));
        Assert.False(findings.Any);
    }

    [Fact]
    public void A_network_of_somebody_else_is_not_taken_over()
    {
        var findings = new StackFindings();
        var stack = MemoryFiles.Stack("services: {web: {image: a}}");
        new NetworkPlanner(Names, StackSwarm.Nothing with { Networks = [StackSwarm.Network("shop_default", "other")] }, findings).Plan(
            stack
        );
        Assert.Contains("does not belong to the stack", Assert.Single(findings.All).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8080:80", "ingress", true)]
    [InlineData("8080:80", "host", true)]
    [InlineData("8081:80", "ingress", false)]
    [InlineData("8080:80/udp", "ingress", false)]
    public void A_published_port_that_another_service_has_stands_against_the_deployment(string port, string mode, bool conflicts)
    {
        var taken = StackSwarm.Service(
            JsonNode
                .Parse(
                    $$$"""{"Name":"other","Mode":{"Replicated":{}},"EndpointSpec":{"Ports":[{"Protocol":"tcp","PublishedPort":8080,"TargetPort":1,"PublishMode":"{{{mode}}}"}]}}"""
                )!
                .AsObject()
        );
        var findings = new StackFindings();
        var stack = MemoryFiles.Stack($"services: {{web: {{image: a, ports: ['{port}']}}}}");
        new PortPlanner([], [taken], findings).Check(stack.Services[0], "shop_web");
        Assert.Equal(conflicts, findings.Any);
    }

    [Fact]
    public async Task A_template_of_docker_stack_deploy_is_kept_while_its_content_is_the_same()
    {
        var stack = MemoryFiles.Stack("services: {web: {image: a}}\nconfigs: {conf: {content: one, template_driver: golang}}");
        var plain = StackSwarm.Config("shop_conf", "one", "shop");
        Assert.True((await ConfigAsync(stack, StackSwarm.Nothing with { Configs = [plain] })).IsNew);

        var template = new StoredItem(
            StoredKind.Config,
            JsonNode.Parse(
                """{"ID":"c1","Spec":{"Name":"shop_conf","Labels":{"com.docker.stack.namespace":"shop"},"Data":"b25l","Templating":{"Name":"golang"}}}"""
            )!
        );
        var kept = await ConfigAsync(stack, StackSwarm.Nothing with { Configs = [template] });
        Assert.Equal(("shop_conf", false), (kept.Name, kept.IsNew));
    }

    [Fact]
    public void The_order_of_mounts_is_no_difference()
    {
        Assert.Equal(Mounts("/b", "/a"), Mounts("/a", "/b"));
        Assert.NotEqual(Mounts("/b", "/a"), Mounts("/a", "/c"));

        static string Mounts(params string[] targets) =>
            NamedSpec
                .Of(
                    JsonNode
                        .Parse(
                            $"{{\"TaskTemplate\":{{\"ContainerSpec\":{{\"Mounts\":[{string.Join(',', targets.Select(target => $"{{\"Type\":\"volume\",\"Target\":\"{target}\"}}"))}]}}}}}}"
                        )!
                        .AsObject(),
                    _ => null,
                    null
                )
                .ToJsonString();
    }

    [Fact]
    public void A_document_is_compared_by_names_whatever_the_ids_are()
    {
        var spec = JsonNode
            .Parse(
                """{"TaskTemplate":{"Networks":[{"Target":"n2"},{"Target":"n1"},{"Target":"gone"}],"Placement":{"Platforms":[{"OS":"linux"}]},"ContainerSpec":{"Secrets":[{"SecretID":"x","SecretName":"s"}],"Privileges":{"CredentialSpec":{"Config":"c1"}}}}}"""
            )!
            .AsObject();
        var named = NamedSpec.Of(
            spec,
            id =>
                id switch
                {
                    "n1" => "a",
                    "n2" => "b",
                    "c1" => "conf",
                    _ => null,
                },
            unlisted: "host"
        );
        Assert.Equal(
            """{"TaskTemplate":{"Networks":[{"Target":"a"},{"Target":"b"},{"Target":"host"}],"Placement":{},"ContainerSpec":{"Secrets":[{"SecretID":"s","SecretName":"s"}],"Privileges":{"CredentialSpec":{"Config":"conf"}}}}}""",
            named.ToJsonString()
        );
        var ids = NamedSpec.WithIds(
            named,
            new Dictionary<string, string> { ["a"] = "1" },
            new Dictionary<string, string> { ["s"] = "2" },
            new Dictionary<string, string> { ["conf"] = "3" },
            JsonNode.Parse("""{"TaskTemplate":{"ForceUpdate":4}}""")!.AsObject()
        );
        Assert.Equal(
            """{"TaskTemplate":{"Networks":[{"Target":"1"},{"Target":"b"},{"Target":"host"}],"Placement":{},"ContainerSpec":{"Secrets":[{"SecretID":"2","SecretName":"s"}],"Privileges":{"CredentialSpec":{"Config":"3"}}},"ForceUpdate":4}}""",
            ids.ToJsonString()
        );
    }

    [Theory]
    [InlineData("manifest unknown", "the registry does not have the image 'a:latest' of 'shop_web' (manifest unknown)", "Push it")]
    [InlineData(
        "no basic auth credentials",
        "the registry does not show the image 'a:latest' of 'shop_web' without a credential (no basic auth credentials)",
        "Specify -RegistryCredential"
    )]
    public void An_image_that_a_registry_does_not_have_or_show_stands_against_the_deployment(string words, string problem, string remedy)
    {
        var service = MemoryFiles.Stack("services: {web: {image: a}}").Services[0];
        var image = new PlannedImage("a:latest", null, null, null) { Missing = words };
        var findings = new StackFindings();
        ImagePlanner.Check(image, new ServiceStep(service, "shop_web", [], null, []), findings);
        var finding = Assert.Single(findings.All);
        Assert.Equal(problem, finding.Problem);
        Assert.StartsWith(remedy, finding.Remedy, StringComparison.Ordinal);

        // A service that runs with this image keeps the digest that its nodes have.
        var present = StackSwarm.Service(
            JsonNode.Parse("""{"Name":"shop_web","Labels":{"com.docker.stack.image":"a"},"Mode":{"Replicated":{}}}""")!.AsObject()
        );
        var running = new StackFindings();
        ImagePlanner.Check(image, new ServiceStep(service, "shop_web", [], present, []), running);
        Assert.False(running.Any);
    }

    [Fact]
    public void An_overlay_network_that_came_in_is_the_default_network()
    {
        var stack = WithOverlay("services: {web: {image: a}}").Definition!;
        var steps = new NetworkPlanner(
            Names,
            StackSwarm.Nothing with
            {
                Networks = [StackSwarm.Network("internal", stack: null)],
            },
            new StackFindings()
        ).Plan(stack);
        Assert.Equal([("internal", false)], steps.Select(step => (step.Name, step.IsNew)));
        Assert.Equal(["default"], stack.Services[0].Networks.Select(network => network.Network));
    }

    [Theory]
    [InlineData("services: {web: {image: a}}\nnetworks: {default: {external: true, name: internal}}", null)]
    [InlineData("services: {web: {image: a, networks: [internal]}}\nnetworks: {internal: {external: true}}", null)]
    [InlineData("services: {web: {image: a}}\nnetworks: {default: {attachable: true}}", "The file defines the network 'default'")]
    [InlineData("services: {web: {image: a, networks: [own]}}\nnetworks: {own: }", "No service would be on the overlay network 'internal'")]
    public void An_overlay_network_that_came_in_must_be_used(string file, string? problem)
    {
        var (definition, problems) = WithOverlay(file);
        if (problem is null)
            Assert.NotNull(definition);
        else
            Assert.StartsWith(problem, Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    private static (SwarmOps.Stacks.Model.StackDefinition? Definition, IReadOnlyList<StackProblem> Problems) WithOverlay(string file) =>
        new MemoryFiles(("compose.yaml", file)).TryRead(request => request with { DefaultNetwork = "internal" });

    [Fact]
    public async Task One_credential_goes_to_one_registry_only()
    {
        using var password = new System.Security.SecureString();
        foreach (var letter in "secret")
            password.AppendChar(letter);
        var login = RegistryLogin.Of(new System.Management.Automation.PSCredential("me", password));
        var token = TestContext.Current.CancellationToken;

        var one = new StackLogins(login, ["nginx", "registry.lab:5000/web:1"]);
        Assert.NotNull(await one.HeaderAsync("registry.lab:5000/web:1", token));
        Assert.Null(await one.HeaderAsync("nginx:latest", token));
        Assert.NotNull(await new StackLogins(login, ["nginx", "team/app"]).HeaderAsync("team/app:latest", token));
        Assert.Equal(
            nameof(StackErrors.StackRegistriesSeveral),
            Assert.Throws<SwarmOpsException>(() => new StackLogins(login, ["a.example/x", "b.example/y"])).ErrorId
        );
    }

    [Fact]
    public void An_edge_service_is_one_service_a_region_each_after_the_one_before()
    {
        var stack = MemoryFiles.Stack(
            "services: {web: {image: a, ports: ['80:8080'], depends_on: [db], x-swarmops: {edge: true}}, db: {image: b}, cron: {image: c, depends_on: [web]}}"
        );
        var findings = new StackFindings();
        SwarmPlace[] places = [new("a", "us"), new("b", "eu"), new("c", "us")];

        var services = StackRegions.Expand(stack, Names, places, findings).Services;

        Assert.False(findings.Any);
        Assert.Equal(["web-eu", "web-us", "db", "cron"], services.Select(service => service.Key));
        Assert.Equal(
            ["db", "web-eu", "", "web-eu web-us"],
            services.Select(service => string.Join(' ', service.DependsOn.Select(dependency => dependency.Service)))
        );
        Assert.Equal(["node.labels.region==eu"], services[0].Constraints);
        Assert.Equal(
            (SwarmServiceMode.Global, SwarmEndpointMode.Dnsrr, true, 80),
            (services[0].Mode, services[0].EndpointMode!.Value, services[0].Ports[0].OnHost, services[0].Ports[0].Published)
        );
        Assert.Equal(["web"], services[0].Networks[0].Aliases);
    }

    [Fact]
    public void An_edge_service_needs_the_region_of_every_node()
    {
        var stack = MemoryFiles.Stack("services: {web: {image: a, ports: [80], x-swarmops: {edge: true}}}");
        var findings = new StackFindings();
        StackRegions.Expand(stack, Names, [new SwarmPlace("a", "eu"), new SwarmPlace("b", null)], findings);
        Assert.EndsWith("these have no label region: b", Assert.Single(findings.All).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Region_and_spread_are_a_constraint_and_a_preference()
    {
        var service = MemoryFiles.Service(
            "x-swarmops: {region: eu-central-1, spread: zone, createMountPath: true}\ndeploy: {placement: {preferences: [{spread: node.labels.rack}]}}"
        );
        Assert.Equal(["node.labels.region==eu-central-1"], service.Constraints);
        Assert.Equal(["node.labels.zone", "node.labels.rack"], service.SpreadOver);
        Assert.True(service.CreatesMountPaths);
    }

    [Theory]
    [InlineData("x-swarmops: {edge: true}", "publishes no port")]
    [InlineData("x-swarmops: {edge: true}\nports: [80]\ndeploy: {replicas: 2}", "has a number of replicas")]
    [InlineData("x-swarmops: {edge: true}\nports: [80]\ndeploy: {update_config: {order: start-first}}", "starts the new task first")]
    [InlineData("x-swarmops: {region: [a, b]}", "has several regions")]
    [InlineData("x-swarmops: {edges: true}", "has no key 'edges'")]
    [InlineData("x-swarmops: {spread: rack}", "does not take 'rack'")]
    public void What_an_extension_cannot_mean_is_a_problem(string keys, string words) =>
        Assert.Contains(
            MemoryFiles.Problems("services:\n  web:\n    image: a\n" + MemoryFiles.Indented(keys, 4)),
            problem => problem.Message.Contains(words, StringComparison.Ordinal)
        );

    private static async Task<StoredStep> ConfigAsync(
        SwarmOps.Stacks.Model.StackDefinition stack,
        StackState state,
        StackFindings? findings = null
    ) =>
        (
            await new StoredPlanner(StackSwarm.Session(), Names, state, new StackFacts(), findings ?? new StackFindings()).PlanAsync(
                StoredKind.Config,
                stack.Configs
            )
        ).Single();
}
