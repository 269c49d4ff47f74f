using System.Text.Json.Nodes;
using SwarmOps.Services.Specification;

namespace SwarmOps.Tests;

/// <summary>Random documents of services that an engine accepts, with each field missing, null, empty, zero or set: few values, so that two are often alike.</summary>
internal sealed class SpecGenerator(int seed)
{
    private readonly Random random = new(seed);

    /// <summary>A document.</summary>
    public JsonObject Create() =>
        new JsonObject { ["Name"] = "spec" }
            .With(Field("Labels", Table))
            .With(Field("TaskTemplate", Task, needed: true))
            .With(Field("Mode", Mode))
            .With(Field("UpdateConfig", Policy))
            .With(Field("RollbackConfig", Policy))
            .With(Field("EndpointSpec", Endpoint));

    /// <summary>A copy with one part of it, anywhere, made anew: sometimes it is the same as before in the engine's eyes.</summary>
    public JsonObject Vary(JsonObject spec)
    {
        var other = Create();
        var varied = spec.DeepClone().AsObject();
        var (at, from) = (varied, other);
        while (true)
        {
            var names = at.Select(entry => entry.Key)
                .Union(from.Select(entry => entry.Key))
                .Where(name => name != "Name")
                .Order(StringComparer.Ordinal)
                .ToList();
            if (names.Count == 0)
                return varied;
            var name = names[random.Next(names.Count)];
            if (
                at[name] is JsonObject below
                && from[name] is JsonObject source
                && name != "Mode"
                && (name is "TaskTemplate" or "ContainerSpec" || random.Next(2) == 0)
            )
            {
                (at, from) = (below, source);
                continue;
            }

            if (from.ContainsKey(name))
                at[name] = from[name]?.DeepClone();
            else if (name is not ("TaskTemplate" or "ContainerSpec" or "Image"))
                at.Remove(name);
            return varied;
        }
    }

    private JsonObject Task() =>
        new JsonObject()
            .With(Field("ContainerSpec", Container, needed: true))
            .With(Field("Resources", Resources))
            .With(
                Field(
                    "RestartPolicy",
                    () =>
                        new JsonObject()
                            .With(Field("Condition", () => Pick("", "any", "none", "on-failure")))
                            .With(Field("Delay", () => Pick(0L, 5_000_000_000)))
                            .With(Field("MaxAttempts", () => Pick(0, 3)))
                            .With(Field("Window", () => Pick(0L, 1_000_000_000)))
                )
            )
            .With(
                Field(
                    "Placement",
                    () =>
                        new JsonObject()
                            .With(
                                Field(
                                    "Constraints",
                                    () =>
                                        Pick<Func<JsonNode>>(
                                            () => new JsonArray(),
                                            () => new JsonArray("node.id==none"),
                                            () => new JsonArray("node.id==none", "node.role==worker")
                                        )()
                                )
                            )
                            .With(
                                Field(
                                    "Preferences",
                                    () =>
                                        List(() =>
                                            new JsonObject
                                            {
                                                ["Spread"] = new JsonObject
                                                {
                                                    ["SpreadDescriptor"] = "node.labels." + Pick<string>("a", "b"),
                                                },
                                            }
                                        )
                                )
                            )
                            .With(Field("MaxReplicas", () => Pick(0, 1)))
                            .With(
                                Field(
                                    "Platforms",
                                    () =>
                                        List(() =>
                                            new JsonObject()
                                                .With(Field("Architecture", () => Pick("", "amd64")))
                                                .With(Field("OS", () => Pick("", "linux")))
                                        )
                                )
                            )
                )
            )
            .With(Field("LogDriver", () => new JsonObject { ["Name"] = "json-file" }.With(Field("Options", Table))))
            .With(Field("ForceUpdate", () => Pick(0, 1)))
            .With(Field("Runtime", () => Pick("", "container")));

    private JsonObject Container() =>
        new JsonObject { ["Image"] = Pick<string>("lab/busybox:latest", "lab/busybox:other") }
            .With(Field("Labels", Table))
            .With(Field("Command", Texts))
            .With(Field("Args", Texts))
            .With(Field("Hostname", () => Pick("", "a", "0")))
            .With(Field("Env", () => List(() => Pick("A=", "A=0", "A=false", "B=1", "B=1, C=2", "C"))))
            .With(Field("Dir", () => Pick("", "/tmp")))
            .With(Field("User", () => Pick("", "0", "1000")))
            .With(Field("Groups", () => List(() => Pick("0", "5"))))
            .With(
                Field(
                    "Privileges",
                    () =>
                        new JsonObject().With(
                            Field(
                                "SELinuxContext",
                                () => new JsonObject().With(Field("Disable", Switch)).With(Field("User", () => Pick("", "0")))
                            )
                        )
                )
            )
            .With(Field("Init", Switch))
            .With(Field("StopSignal", () => Pick("", "SIGINT")))
            .With(Field("TTY", Switch))
            .With(Field("OpenStdin", Switch))
            .With(Field("ReadOnly", Switch))
            .With(Field("Mounts", Mounts))
            .With(Field("StopGracePeriod", () => Pick(0L, 10_000_000_000)))
            .With(
                Field(
                    "Healthcheck",
                    () =>
                        new JsonObject()
                            .With(
                                Field(
                                    "Test",
                                    () =>
                                        Pick<Func<JsonNode>>(
                                            () => new JsonArray(),
                                            () => new JsonArray("NONE"),
                                            () => new JsonArray("CMD-SHELL", "true"),
                                            () => new JsonArray("CMD-SHELL", "true, false")
                                        )()
                                )
                            )
                            .With(Field("Interval", () => Pick(0L, 2_000_000_000)))
                            .With(Field("Timeout", () => Pick(0L, 2_000_000_000)))
                            .With(Field("StartPeriod", () => Pick(0L, 2_000_000_000)))
                            .With(Field("Retries", () => Pick(0, 3)))
                )
            )
            .With(Field("Hosts", () => List(() => Pick("192.0.2.1 a", "192.0.2.2 b"))))
            .With(
                Field(
                    "DNSConfig",
                    () =>
                        new JsonObject()
                            .With(Field("Nameservers", () => List(() => "192.0.2.53")))
                            .With(Field("Search", () => List(() => "example.org")))
                            .With(Field("Options", () => List(() => Pick("ndots:0", "ndots:2"))))
                )
            )
            .With(Field("Isolation", () => Pick("", "default")))
            .With(
                Field(
                    "Sysctls",
                    () => Map(() => Pick<string>("net.core.somaxconn", "net.ipv4.ip_forward"), () => Pick<string>("0", "1", "99"))
                )
            )
            .With(Field("CapabilityAdd", () => List(() => Pick("CAP_NET_ADMIN", "CAP_SYS_TIME"))))
            .With(Field("CapabilityDrop", () => List(() => "ALL")))
            .With(
                Field(
                    "Ulimits",
                    () =>
                        List(
                            () =>
                                new JsonObject
                                {
                                    ["Name"] = "nofile",
                                    ["Soft"] = Pick(0, 100),
                                    ["Hard"] = 100,
                                },
                            most: 1
                        )
                )
            );

    private JsonArray Mounts()
    {
        var mounts = new JsonArray();
        if (random.Next(2) == 0)
        {
            mounts.Add(
                new JsonObject { ["Source"] = "/tmp", ["Target"] = "/bind" }
                    .With(Field("Type", () => Pick("", "bind")))
                    .With(Field("ReadOnly", Switch))
                    .With(
                        Field(
                            "BindOptions",
                            () =>
                                new JsonObject()
                                    .With(Field("Propagation", () => Pick("", "rprivate", "rshared")))
                                    .With(Field("NonRecursive", Switch))
                        )
                    )
            );
        }

        if (random.Next(2) == 0)
        {
            mounts.Add(
                new JsonObject { ["Type"] = "volume", ["Target"] = "/volume" }
                    .With(Field("Source", () => Pick("", "a")))
                    .With(Field("VolumeOptions", () => new JsonObject().With(Field("NoCopy", Switch)).With(Field("Labels", Table))))
            );
        }

        if (random.Next(2) == 0)
        {
            mounts.Add(
                new JsonObject { ["Type"] = "tmpfs", ["Target"] = "/tmpfs" }.With(
                    Field(
                        "TmpfsOptions",
                        () => new JsonObject().With(Field("SizeBytes", () => Pick(0, 1048576))).With(Field("Mode", () => Pick(0, 511)))
                    )
                )
            );
        }

        return mounts;
    }

    private JsonObject Resources() =>
        new JsonObject()
            .With(Field("Limits", () => Amounts().With(Field("Pids", () => Pick(0, 100)))))
            .With(
                Field(
                    "Reservations",
                    () =>
                        Amounts()
                            .With(
                                Field(
                                    "GenericResources",
                                    () =>
                                        List(
                                            () =>
                                                new JsonObject
                                                {
                                                    ["DiscreteResourceSpec"] = new JsonObject { ["Kind"] = "gpu", ["Value"] = Pick(1, 2) },
                                                },
                                            most: 1
                                        )
                                )
                            )
                )
            );

    private JsonObject Amounts() =>
        new JsonObject().With(Field("NanoCPUs", () => Pick(0L, 100_000_000))).With(Field("MemoryBytes", () => Pick(0L, 67_108_864)));

    private JsonObject Mode() =>
        Pick<Func<JsonObject>>(
            () => [],
            () => new JsonObject { ["Global"] = new JsonObject() },
            () => new JsonObject { ["Replicated"] = new JsonObject().With(Field("Replicas", () => Pick(0, 1, 2))) },
            () => new JsonObject { ["Replicated"] = new JsonObject().With(Field("Replicas", () => Pick(0, 1, 2))) }
        )();

    private JsonObject Policy() =>
        new JsonObject()
            .With(Field("Parallelism", () => Pick(0, 1)))
            .With(Field("Delay", () => Pick(0L, 1_000_000_000)))
            .With(Field("FailureAction", () => Pick("", "pause", "continue", "rollback")))
            .With(Field("Monitor", () => Pick(0L, 5_000_000_000)))
            .With(Field("MaxFailureRatio", () => Pick(0.0, 0.1, 0.12345678901, 1.0)))
            .With(Field("Order", () => Pick("", "stop-first", "start-first")));

    private JsonObject Endpoint() =>
        new JsonObject()
            .With(Field("Mode", () => Pick("", "vip")))
            .With(
                Field(
                    "Ports",
                    () =>
                        List(
                            () =>
                                new JsonObject { ["TargetPort"] = Pick(80, 81), ["PublishedPort"] = 18080 }
                                    .With(Field("Name", () => Pick("", "web")))
                                    .With(Field("Protocol", () => Pick("", "tcp", "udp")))
                                    .With(Field("PublishMode", () => Pick("", "ingress", "host"))),
                            most: 1
                        )
                )
            );

    private JsonObject Table() =>
        Map(() => Pick<string>("a", "traefik.enable", "weight"), () => Pick<string>("", "0", "false", "true", "1", "a, b"));

    private JsonObject Map(Func<string> name, Func<string> value)
    {
        var table = new JsonObject();
        for (var count = random.Next(3); count > 0; count--)
            table[name()] = value();
        return table;
    }

    private JsonArray Texts() => List(() => Pick("", "0", "false", "a", "a, b", "[a, b]", "x=y"));

    private JsonArray List(Func<JsonNode> member, int most = 3) =>
        new([.. Enumerable.Range(0, random.Next(most + 1)).Select(_ => member())]);

    private JsonNode Switch() => random.Next(2) == 0;

    private T Pick<T>(params T[] values) => values[random.Next(values.Length)];

    private JsonNode Pick(params JsonNode[] values) => values[random.Next(values.Length)].DeepClone();

    /// <summary>A field that may be missing or null as well.</summary>
    private KeyValuePair<string, JsonNode?>? Field(string name, Func<JsonNode> value, bool needed = false) =>
        needed || random.Next(5) < 3 ? KeyValuePair.Create(name, (JsonNode?)value())
        : random.Next(4) == 0 ? KeyValuePair.Create(name, (JsonNode?)null)
        : null;
}

/// <summary>Steps in documents.</summary>
internal static class SpecGeneratorSteps
{
    /// <summary>Adds a field unless it is missing.</summary>
    public static JsonObject With(this JsonObject part, KeyValuePair<string, JsonNode?>? field)
    {
        if (field is { } entry)
            part.Add(entry.Key, entry.Value);
        return part;
    }
}
