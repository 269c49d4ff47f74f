using static SwarmOps.Stacks.Rules.RuleRows;
using static SwarmOps.Stacks.Rules.ValueTypes;

namespace SwarmOps.Stacks.Rules;

/// <summary>Every key of the Compose file. The files are validated and merged by these rows, and docs/compose.md is made from them.</summary>
internal static partial class RuleTable
{
    private static IEnumerable<KeyRule> Top =>
        [
            Part("", Map),
            Accepted("version", ValueTypes.String, "Says nothing: the keys of all versions are known."),
            Honoured("name", ValueTypes.String, "The name of the stack, if none is specified.", Forms.StackName),
            Honoured(
                "include",
                List,
                "Other Compose files, each with a folder and an environment of its own. What they define must not be defined here too; override it with a further file."
            ),
            Part("include[]", ValueTypes.String | Map, Forms.NotEmpty) with
            {
                TakesExtensions = false,
            },
            .. TextOrList(Part("include[].path", None), Forms.NotEmpty),
            .. TextOrList(Part("include[].env_file", None), Forms.NotEmpty),
            Part("include[].project_directory", ValueTypes.String, Forms.NotEmpty),
            Part("services", Map) with
            {
                TakesExtensions = false,
                Names = Forms.ServiceName,
            },
            Part("services.*", Map),
            Part("networks", Map) with
            {
                TakesExtensions = false,
                Names = Forms.ObjectName,
            },
            Part("volumes", Map) with
            {
                TakesExtensions = false,
                Names = Forms.ObjectName,
            },
            Part("secrets", Map) with
            {
                TakesExtensions = false,
                Names = Forms.ObjectName,
            },
            Part("configs", Map) with
            {
                TakesExtensions = false,
                Names = Forms.ObjectName,
            },
            Refused(
                "models",
                Map,
                "Language models are run by Docker Desktop, not by a swarm.",
                "Run the model as a service with an image."
            ) with
            {
                TakesExtensions = false,
                Names = Forms.ObjectName,
            },
            Part("models.*", Map) with
            {
                Required = ["model"],
            },
            Part("models.*.name", ValueTypes.String),
            Part("models.*.model", ValueTypes.String),
            Part("models.*.context_size", Integer),
            Part("models.*.runtime_flags", List),
            Part("models.*.runtime_flags[]", ValueTypes.String),
        ];

    /// <summary>The table.</summary>
    public static IReadOnlyList<KeyRule> All { get; } =
    [.. Top, .. Service, .. Extensions, .. Container, .. ServiceRefused, .. Deploy, .. Networks, .. Volumes, .. Stored];

    /// <summary>The table by path.</summary>
    public static RuleNode Root { get; } = RuleNode.Build(All);
}
