using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using SwarmOps.Services.Specification;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Rules;

/// <summary>The syntaxes of values.</summary>
internal static partial class Forms
{
    public static readonly ValueForm Duration = ValueForm.Of("duration", Quantities.Duration);
    public static readonly ValueForm Bytes = ValueForm.Of("size", Quantities.Bytes);
    public static readonly ValueForm Cpus = ValueForm.Of("processors", Quantities.NanoCpus);
    public static readonly ValueForm Count = ValueForm.Of("count", Quantities.Count);
    public static readonly ValueForm Percent = ValueForm.Of("0 to 100", Quantities.Percent);
    public static readonly ValueForm Positive = ValueForm.Of("positive count", Quantities.Positive);
    public static readonly ValueForm Limit = ValueForm.Of("count or -1", Quantities.Limit);
    public static readonly ValueForm Ratio = ValueForm.Of("ratio", Quantities.Ratio);
    public static readonly ValueForm Flag = ValueForm.Of("boolean", Quantities.Flag);
    public static readonly ValueForm OomScore = ValueForm.Of("-1000 to 1000", Quantities.OomScore);
    public static readonly ValueForm Port = ValueForm.Of("port", PortForm.Single);
    public static readonly ValueForm PublishedPort = ValueForm.Of("port", PortForm.Published);
    public static readonly ValueForm Protocol = ValueForm.Of("tcp, udp or sctp", PortForm.Protocol);
    public static readonly ValueForm Ports = ValueForm.Of("port mapping", PortForm.Parse);
    public static readonly ValueForm Exposed = ValueForm.Of("port or range", ExposedPort);
    public static readonly ValueForm Volume = ValueForm.Of("volume", VolumeForm.Parse);
    public static readonly ValueForm ContainerPath = ValueForm.Of("path in the container", VolumeForm.Target);
    public static readonly ValueForm Command = ValueForm.Of("command line", CommandForm.Split);
    public static readonly ValueForm ServiceName = ValueForm.Of("name of a service", NameForm.Service);
    public static readonly ValueForm ObjectName = ValueForm.Of("name", NameForm.Object);
    public static readonly ValueForm StackName = ValueForm.Of("name of a stack", NameForm.Stack);
    public static readonly ValueForm FileMode = new("octal mode", scalar => _ = Mode(scalar));
    public static readonly ValueForm PlainText = new("text", scalar => _ = Text(scalar));
    public static readonly ValueForm Image = ValueForm.Of("image", text => Ours(() => ImageName.Normalize(text)));
    public static readonly ValueForm Capability = ValueForm.Of("capability", text => Ours(() => ServiceRules.Capability(text)));
    public static readonly ValueForm Constraint = ValueForm.Of("constraint", CheckedConstraint);
    public static readonly ValueForm Spread = ValueForm.Of("spread descriptor", SpreadOver);
    public static readonly ValueForm Address = ValueForm.Of("address", IpAddress);
    public static readonly ValueForm HostAddress = ValueForm.Of("address or host-gateway", HostTarget);
    public static readonly ValueForm HostEntry = ValueForm.Of("host:address", Host);
    public static readonly ValueForm Subnet = ValueForm.Of("subnet", Cidr);
    public static readonly ValueForm Tmpfs = ValueForm.Of("path[:options]", TmpfsMount);
    public static readonly ValueForm Restart = ValueForm.Of("no, always, unless-stopped or on-failure[:attempts]", RestartCondition);
    public static readonly ValueForm Owner = ValueForm.Of("numeric id", NumericId);
    public static readonly ValueForm NotEmpty = ValueForm.Of("text", Filled);
    public static readonly ValueForm ContainerName = ValueForm.Of("name of a container", NameForm.Container);
    public static readonly ValueForm UlimitName = ValueForm.Of("name of a limit", Ulimit);
    public static readonly ValueForm FileTarget = ValueForm.Of("path", TargetOfFile);

    /// <summary>The mode of a file. A plain number without a leading zero would be decimal, which nobody means.</summary>
    public static int Mode(YamlScalar scalar)
    {
        var text = scalar.Text.StartsWith("0o", StringComparison.Ordinal) ? scalar.Text[2..] : scalar.Text;
        if (OctalMode.Parse(text) is not { } mode)
            throw new StackValueException(
                $"'{YamlScalar.Shown(scalar.Text)}' is not a file mode.",
                "Write it in octal with a leading zero, such as 0440."
            );
        if (scalar.Kind == YamlKind.Integer && text.Length == scalar.Text.Length && text[0] != '0')
            throw new StackValueException(
                $"The number {text} is decimal and would mean the mode 0{Convert.ToString(int.Parse(text, CultureInfo.InvariantCulture), 8)}.",
                $"Write 0{text} for the octal mode."
            );
        return mode;
    }

    /// <summary>The text that a value of any kind stands for. Numbers that Docker would write in another way are problems, since either could be meant.</summary>
    public static string? Text(YamlScalar scalar) =>
        scalar.Kind switch
        {
            YamlKind.Null => null,
            YamlKind.Boolean => scalar.Text.ToLowerInvariant(),
            YamlKind.Integer or YamlKind.Number when !CanonicalNumber().IsMatch(scalar.Text) => throw new StackValueException(
                $"Without quotes {scalar.Text} is a number, and Docker would not keep its digits as they are written.",
                $"Put it in quotes: '{scalar.Text}'."
            ),
            _ => scalar.Text,
        };

    /// <summary>An entry of /etc/hosts: its name and addresses.</summary>
    public static (string Name, string Address) Host(string text)
    {
        // "name=address" is Compose's newer form; IPv6 addresses have colons of their own.
        var at = text.IndexOfAny(['=', ':']);
        if (at <= 0)
            throw new StackValueException(
                $"'{YamlScalar.Shown(text)}' is not an entry of /etc/hosts.",
                "Write \"name:address\", such as \"db.example.com:10.0.0.5\"."
            );
        return (text[..at], HostTarget(text[(at + 1)..]));
    }

    public static string HostTarget(string text) => text == "host-gateway" ? text : IpAddress(text.Trim('[', ']'));

    /// <summary>A tmpfs: its path, size and mode.</summary>
    public static ServiceMount TmpfsMount(string text)
    {
        var parts = text.Split(':', 2);
        var mount = new ServiceMount("tmpfs", null, VolumeForm.Target(parts[0]), ReadOnly: false);
        foreach (var option in parts.Length == 1 ? [] : parts[1].Split(','))
        {
            mount = option.Split('=', 2) switch
            {
                ["size", var size] => mount with { TmpfsSize = Quantities.Bytes(size) },
                ["mode", var mode] => mount with { TmpfsMode = Mode(YamlScalar.String(default, mode)) },
                ["ro"] => mount with { ReadOnly = true },
                ["rw" or "noexec" or "nosuid" or "nodev"] => mount,
                _ => throw new StackValueException(
                    $"'{YamlScalar.Shown(option)}' is not an option of a tmpfs in a swarm.",
                    "Write size=64m and mode=1777, with a comma between them."
                ),
            };
        }

        return mount;
    }

    /// <summary>The condition and number of attempts that <c>restart</c> asks for.</summary>
    public static (SwarmRestartCondition Condition, long? Attempts) RestartCondition(string text) =>
        text.Split(':', 2) switch
        {
            ["no" or "false"] => (SwarmRestartCondition.None, null),
            ["always" or "unless-stopped"] => (SwarmRestartCondition.Any, null),
            ["on-failure"] => (SwarmRestartCondition.OnFailure, null),
            ["on-failure", var attempts] => (SwarmRestartCondition.OnFailure, Quantities.Count(attempts)),
            _ => throw new StackValueException(
                $"'{YamlScalar.Shown(text)}' is not a restart policy.",
                "Write \"no\", always, unless-stopped, on-failure or on-failure:3."
            ),
        };

    private static string ExposedPort(string text)
    {
        _ =
            PortForm.Parse(text) is [{ Address: null }, ..] ports && ports.All(port => port.Published == 0)
                ? ports
                : throw new StackValueException(
                    $"'{YamlScalar.Shown(text)}' is not a port of the container.",
                    "Write 3000 or \"3000-3005\"; published ports belong under ports."
                );
        return text;
    }

    private static string CheckedConstraint(string text)
    {
        Ours(() =>
        {
            ServiceRules.CheckConstraint(text);
            return text;
        });
        return text;
    }

    private static string SpreadOver(string text) =>
        text.StartsWith("node.labels.", StringComparison.Ordinal) || text.StartsWith("engine.labels.", StringComparison.Ordinal)
            ? Ours(() => ServiceRules.Spread(text))
            : throw new StackValueException(
                $"'{YamlScalar.Shown(text)}' is not a label to spread over.",
                $"Write node.labels.{(text.Length is > 0 and < 40 && text.All(char.IsAsciiLetterOrDigit) ? text : "region")}."
            );

    private static string IpAddress(string text) =>
        IPAddress.TryParse(text, out _) && (text.Contains('.', StringComparison.Ordinal) || text.Contains(':', StringComparison.Ordinal))
            ? text
            : throw new StackValueException(
                $"'{YamlScalar.Shown(text)}' is not an IP address.",
                "Write an IPv4 or IPv6 address, such as 10.0.0.5."
            );

    private static string Cidr(string text) =>
        IsSubnet(text)
            ? text
            : throw new StackValueException(
                $"'{YamlScalar.Shown(text)}' is not a subnet.",
                "Write the network's first address and its prefix length, such as 10.20.0.0/24."
            );

    /// <summary>Whether a text is a network's first address and its prefix length.</summary>
    private static bool IsSubnet(string text)
    {
        if (
            text.Split('/') is not [var first, var length]
            || !int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
        )
            return false;
        if (!IPAddress.TryParse(first, out var address) || !first.Any(letter => letter is '.' or ':'))
            return false;
        var bytes = address.GetAddressBytes();
        return bits <= bytes.Length * 8
            && Enumerable.Range(bits, (bytes.Length * 8) - bits).All(bit => (bytes[bit / 8] & (0x80 >> (bit % 8))) == 0);
    }

    private static string NumericId(string text) =>
        text.Length is > 0 and < 11 && text.All(char.IsAsciiDigit)
            ? text
            : throw new StackValueException(
                $"'{YamlScalar.Shown(text)}' is not a numeric id.",
                "Write the number of the user or group in quotes, such as \"1000\": names are not known outside of the image."
            );

    private static string Filled(string text) =>
        text.Trim().Length > 0 ? text : throw new StackValueException("The value is empty.", "Write a value, or remove the key.");

    private static string Ulimit(string text) =>
        text.Length > 0 && text.All(char.IsAsciiLetterLower)
            ? text
            : throw new StackValueException(
                $"'{YamlScalar.Shown(text)}' is not the name of a limit.",
                "Write a name such as nofile or nproc."
            );

    private static string TargetOfFile(string text) =>
        Filled(text).Split('/').Contains("..") || text.EndsWith('/')
            ? throw new StackValueException(
                $"'{YamlScalar.Shown(text)}' is not the path of a file in the container.",
                "Write a file name or an absolute path, without '..'."
            )
            : text;

    /// <summary>A rule of services, whose error becomes a problem of the file.</summary>
    private static T Ours<T>(Func<T> rule)
    {
        try
        {
            return rule();
        }
        catch (SwarmOpsException exception)
        {
            throw new StackValueException(exception.Message, exception.RecommendedAction);
        }
    }

    [GeneratedRegex("^(?:-?(?:0|[1-9][0-9]{0,17})|-?(?:0|[1-9][0-9]{0,8})\\.[0-9]{0,5}[1-9])\\z", RegexOptions.CultureInvariant)]
    private static partial Regex CanonicalNumber();
}
