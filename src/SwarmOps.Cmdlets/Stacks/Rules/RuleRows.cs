using static SwarmOps.Stacks.Rules.ValueTypes;

namespace SwarmOps.Stacks.Rules;

/// <summary>Short ways to write rows of the table.</summary>
internal static class RuleRows
{
    /// <summary>Keys that have like rows.</summary>
    public static IEnumerable<string> Keys(params string[] keys) => keys;

    public static KeyRule Honoured(string path, ValueTypes types, string how, ValueForm? form = null) =>
        new(path, types)
        {
            Support = Support.Honoured,
            How = how,
            Form = form,
        };

    public static KeyRule Accepted(string path, ValueTypes types, string how, ValueForm? form = null) =>
        Honoured(path, types, how, form) with
        {
            Support = Support.Accepted,
        };

    public static KeyRule Refused(string path, ValueTypes types, string why, string remedy, params string[] harmless) =>
        new(path, types)
        {
            Support = Support.Refused,
            How = why,
            Remedy = remedy,
            Harmless = harmless,
        };

    /// <summary>A row that belongs to the one above it.</summary>
    public static KeyRule Part(string path, ValueTypes types, ValueForm? form = null) => new(path, types) { Form = form };

    /// <summary>A mapping of names to values, or a list of <c>NAME=value</c>.</summary>
    public static IEnumerable<KeyRule> Named(KeyRule rule) =>
        [
            rule with
            {
                Types = List | Map,
                IsUnique = true,
                Merge = MergeRule.ByName,
                TakesExtensions = false,
                Names = Forms.NotEmpty,
            },
            Part(rule.Path + "[]", ValueTypes.String, Forms.NotEmpty),
            Part(rule.Path + ".*", ValueTypes.String | Number | ValueTypes.Boolean | Null, Forms.PlainText),
        ];

    /// <summary>A text or a list of texts.</summary>
    public static IEnumerable<KeyRule> TextOrList(KeyRule rule, ValueForm? form = null) =>
        [
            rule with
            {
                Types = ValueTypes.String | List,
                Form = form,
                IsUnique = true,
                Merge = MergeRule.Texts,
            },
            Part(rule.Path + "[]", ValueTypes.String, form),
        ];

    /// <summary>A list of texts without duplicates.</summary>
    public static IEnumerable<KeyRule> Texts(KeyRule rule, ValueForm? form = null, ValueTypes items = ValueTypes.String) =>
        [rule with { Types = List, IsUnique = true, Merge = MergeRule.Texts }, Part(rule.Path + "[]", items, form)];

    /// <summary>Options of a driver.</summary>
    public static IEnumerable<KeyRule> Options(KeyRule rule, ValueTypes values = ValueTypes.String | Number) =>
        [rule with { Types = Map, TakesExtensions = false, Names = Forms.NotEmpty }, Part(rule.Path + ".*", values, Forms.PlainText)];

    /// <summary>A command: a text, or a list of words.</summary>
    public static IEnumerable<KeyRule> Command(KeyRule rule) =>
        [
            rule with
            {
                Types = Null | ValueTypes.String | List,
                Form = Forms.Command,
                Merge = MergeRule.Replace,
            },
            Part(rule.Path + "[]", ValueTypes.String),
        ];

    /// <summary>Secrets or configs of a service.</summary>
    public static IEnumerable<KeyRule> Files(KeyRule rule) =>
        [
            rule with
            {
                Types = List,
                Merge = MergeRule.ByTarget,
            },
            Part(rule.Path + "[]", ValueTypes.String | Map, Forms.NotEmpty),
            Part(rule.Path + "[].source", ValueTypes.String, Forms.NotEmpty),
            Part(rule.Path + "[].target", ValueTypes.String, Forms.FileTarget),
            Part(rule.Path + "[].uid", ValueTypes.String, Forms.Owner),
            Part(rule.Path + "[].gid", ValueTypes.String, Forms.Owner),
            Part(rule.Path + "[].mode", Number | ValueTypes.String, Forms.FileMode),
        ];

    /// <summary>Entries of /etc/hosts.</summary>
    public static IEnumerable<KeyRule> Hosts(KeyRule rule) =>
        [
            rule with
            {
                Types = List | Map,
                IsUnique = true,
                Merge = MergeRule.Hosts,
                TakesExtensions = false,
                Names = Forms.NotEmpty,
            },
            Part(rule.Path + "[]", ValueTypes.String, Forms.HostEntry),
            Part(rule.Path + ".*", ValueTypes.String | List, Forms.HostAddress),
            Part(rule.Path + ".*[]", ValueTypes.String, Forms.HostAddress),
        ];

    /// <summary>Limits of a process: one value, or soft and hard.</summary>
    public static IEnumerable<KeyRule> Ulimits(KeyRule rule) =>
        [
            rule with
            {
                Types = Map,
                TakesExtensions = false,
                Names = Forms.UlimitName,
            },
            Part(rule.Path + ".*", Integer | ValueTypes.String | Map, Forms.Limit) with
            {
                Required = ["soft", "hard"],
            },
            Part(rule.Path + ".*.soft", Integer | ValueTypes.String, Forms.Limit),
            Part(rule.Path + ".*.hard", Integer | ValueTypes.String, Forms.Limit),
        ];
}
