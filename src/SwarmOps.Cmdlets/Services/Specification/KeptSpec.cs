using System.Text.Json.Nodes;

namespace SwarmOps.Services.Specification;

/// <summary>
/// A service's document in the engine's canonical form, so that equivalent documents are equal. This depends on each field, never on the value:
/// a label <c>weight=0</c> is kept, a memory limit of 0 means none (moby, <c>daemon/cluster/convert</c>, which turns the API's types into swarmkit's and back).
/// </summary>
internal static class KeptSpec
{
    private static readonly PlainField Plain = new();
    private static readonly PointerField Pointer = new();
    private static readonly TextsField Texts = new();
    private static readonly TableField Table = new();

    private static readonly PartField Driver = Part(("Name", Plain), ("Options", Table));

    private static readonly ItemsField Networks = Items(("Target", Plain), ("Aliases", Texts), ("DriverOpts", Table));

    private static readonly PartField File = Part(("Name", Plain), ("UID", Plain), ("GID", Plain), ("Mode", Plain));

    private static readonly PartField Policy = Part(
        ("Parallelism", Plain),
        ("Delay", Plain),
        ("FailureAction", new WordField("pause")),
        ("Monitor", Plain),
        ("MaxFailureRatio", new SingleField()),
        ("Order", new WordField("stop-first"))
    );

    private static readonly PartField Mount = Part(
        ("Type", new WordField("bind")),
        ("Source", Plain),
        ("Target", Plain),
        ("ReadOnly", Plain),
        (
            "BindOptions",
            Part(
                ("Propagation", Plain),
                ("NonRecursive", Plain),
                ("CreateMountpoint", Plain),
                ("ReadOnlyNonRecursive", Plain),
                ("ReadOnlyForceRecursive", Plain)
            ) with
            {
                Finish = Bind,
            }
        ),
        ("VolumeOptions", Part(("NoCopy", Plain), ("Labels", Table), ("Subpath", Plain), ("DriverConfig", Driver))),
        ("TmpfsOptions", Part(("SizeBytes", Plain), ("Mode", Plain)))
    );

    private static readonly PartField Container = Part(
        ("Image", Plain),
        ("Labels", Table),
        ("Command", Texts),
        ("Args", Texts),
        ("Hostname", Plain),
        ("Env", Texts),
        ("Dir", Plain),
        ("User", Plain),
        ("Groups", Texts),
        (
            "Privileges",
            Part(
                ("SELinuxContext", Part(("Disable", Plain), ("User", Plain), ("Role", Plain), ("Type", Plain), ("Level", Plain))),
                ("NoNewPrivileges", Plain)
            )
        ),
        ("Init", Pointer),
        ("StopSignal", Plain),
        ("TTY", Plain),
        ("OpenStdin", Plain),
        ("ReadOnly", Plain),
        ("Mounts", new ItemsField(Mount)),
        ("StopGracePeriod", Pointer),
        (
            "Healthcheck",
            Part(
                ("Test", Texts),
                ("Interval", Plain),
                ("Timeout", Plain),
                ("StartPeriod", Plain),
                ("StartInterval", Plain),
                ("Retries", Plain)
            )
        ),
        ("Hosts", Texts),
        ("DNSConfig", Part(("Nameservers", Texts), ("Search", Texts), ("Options", Texts))),
        ("Secrets", Items(("File", File), ("SecretID", Plain), ("SecretName", Plain))),
        ("Configs", Items(("File", File), ("Runtime", Part()), ("ConfigID", Plain), ("ConfigName", Plain))),
        ("Isolation", new WordField("default")),
        ("Sysctls", Table),
        ("CapabilityAdd", Texts),
        ("CapabilityDrop", Texts),
        ("Ulimits", Items(("Name", Plain), ("Soft", Plain), ("Hard", Plain))),
        ("OomScoreAdj", Plain)
    );

    private static readonly PartField Resources = Part(
        ("Limits", Part(("NanoCPUs", Plain), ("MemoryBytes", Plain), ("Pids", Plain))),
        (
            "Reservations",
            Part(
                ("NanoCPUs", Plain),
                ("MemoryBytes", Plain),
                (
                    "GenericResources",
                    Items(
                        ("NamedResourceSpec", Part(("Kind", Plain), ("Value", Plain))),
                        ("DiscreteResourceSpec", Part(("Kind", Plain), ("Value", Plain)))
                    )
                )
            )
        )
    );

    private static readonly PartField Task = Part(
        ("ContainerSpec", Container),
        ("Resources", Resources),
        ("RestartPolicy", Part(("Condition", new WordField("any")), ("Delay", Pointer), ("MaxAttempts", Plain), ("Window", Pointer))),
        (
            "Placement",
            Part(
                ("Constraints", Texts),
                ("Preferences", Items(("Spread", Part(("SpreadDescriptor", Plain))))),
                ("MaxReplicas", Plain),
                ("Platforms", Items(("Architecture", Plain), ("OS", Plain)))
            )
        ),
        ("Networks", Networks),
        ("LogDriver", Driver),
        ("ForceUpdate", Plain),
        ("Runtime", new WordField("container"))
    );

    private static readonly PartField Mode = Part(
        ("Replicated", Part(("Replicas", new DefaultedField(JsonValue.Create(1))))),
        ("Global", Part()),
        (
            "ReplicatedJob",
            Part(("MaxConcurrent", new DefaultedField(JsonValue.Create(1))), ("TotalCompletions", Pointer)) with
            {
                Finish = Job,
            }
        ),
        ("GlobalJob", Part())
    );

    private static readonly PartField Service = Part(
        ("Name", Plain),
        ("Labels", Table),
        ("TaskTemplate", Task),
        ("Mode", Mode),
        ("UpdateConfig", Policy),
        ("RollbackConfig", Policy),
        ("Networks", Networks),
        (
            "EndpointSpec",
            Part(
                ("Mode", new WordField("vip")),
                (
                    "Ports",
                    Items(
                        ("Name", Plain),
                        ("Protocol", new WordField("tcp")),
                        ("TargetPort", Plain),
                        ("PublishedPort", Plain),
                        ("PublishMode", new WordField("ingress"))
                    )
                )
            )
        )
    ) with
    {
        Finish = WithMode,
    };

    /// <summary>A document of the API in canonical form, sorted by name.</summary>
    public static JsonObject Of(JsonObject spec) => (JsonObject)Service.Keep(spec)!;

    private static PartField Part(params (string Name, KeptField Field)[] fields) =>
        new(fields.ToDictionary(field => field.Name, field => field.Field, StringComparer.Ordinal));

    private static ItemsField Items(params (string Name, KeptField Field)[] fields) => new(Part(fields));

    /// <summary>Bind mount options without values are dropped; otherwise their propagation has a default.</summary>
    private static JsonObject? Bind(JsonObject options)
    {
        if (options.Count == 0)
            return null;
        options["Propagation"] = new WordField("rprivate").Keep(options["Propagation"]);
        return options;
    }

    private static JsonObject Job(JsonObject job)
    {
        job["TotalCompletions"] ??= job["MaxConcurrent"]!.DeepClone();
        return job;
    }

    private static JsonObject WithMode(JsonObject service)
    {
        if (service["Mode"] is not JsonObject { Count: > 0 })
            service["Mode"] = Mode.Keep(new JsonObject { ["Replicated"] = new JsonObject() });
        return service;
    }
}
