using System.Text.RegularExpressions;

namespace SwarmOps.Services.Specification;

/// <summary>Validation of a service request that needs no node.</summary>
internal static partial class ServiceRules
{
    private const int LongestName = 63;

    /// <summary>Checks the name of a service: characters of a DNS label, and underscores (swarmkit, control API).</summary>
    /// <exception cref="SwarmOpsException"><c>ServiceNameInvalid</c>.</exception>
    public static void CheckName(string name)
    {
        if (name.Length > LongestName || !NamePattern().IsMatch(name))
            throw ServiceErrors.ServiceNameInvalid(name);
    }

    /// <summary>Checks combinations of settings.</summary>
    /// <exception cref="SwarmOpsException">The first error found.</exception>
    public static void Check(ServiceRequest request)
    {
        CheckName(request.Name);
        CheckPorts(request);
        CheckFiles("secret", request.Secrets);
        CheckFiles("config", request.Configs);
        if (request.Mounts?.GroupBy(mount => mount.Target).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw ServiceErrors.MountTargetTwice(twice.Key);
        if (request.Networks?.GroupBy(network => network.Name).FirstOrDefault(group => group.Count() > 1) is { } network)
            throw ServiceErrors.NetworkGivenTwice(network.Key);
        foreach (var constraint in request.Constraints ?? [])
            CheckConstraint(constraint);
        foreach (var name in request.Environment?.Keys ?? [])
        {
            if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal))
                throw ServiceErrors.EnvironmentNameInvalid(name);
        }

        foreach (var key in (request.Labels?.Keys ?? []).Concat(request.ContainerLabels?.Keys ?? []))
        {
            if (string.IsNullOrWhiteSpace(key) || key.Contains('=', StringComparison.Ordinal))
                throw ServiceErrors.ServiceLabelInvalid(key);
        }

        // A limit of 0 means no limit.
        if (request.LimitMemory is > 0 && request.LimitMemory < request.ReserveMemory)
            throw ServiceErrors.ReservationAboveLimit("memory");
        if (request.LimitNanoCpu is > 0 && request.LimitNanoCpu < request.ReserveNanoCpu)
            throw ServiceErrors.ReservationAboveLimit("CPU");
        if (request.LimitMemory is > 0 and < FewestBytes)
            throw ServiceErrors.MemoryTooSmall(request.LimitMemory.Value);
        if (
            request.Mode is SwarmServiceMode.ReplicatedJob or SwarmServiceMode.GlobalJob
            && request.Restart?.Condition == SwarmRestartCondition.Any
        )
            throw ServiceErrors.JobCannotRestartAlways(request.Name);
        if (
            request.Mode is SwarmServiceMode.ReplicatedJob or SwarmServiceMode.GlobalJob
            && (request.Update is not null || request.Rollback is not null)
        )
            throw ServiceErrors.JobHasNoUpdatePolicy(request.Name);
        if (request.LogOptions is not null && request.LogDriver is null)
            throw ServiceErrors.LogOptionWithoutDriver();
    }

    /// <summary>The smallest memory limit that an engine accepts (moby, <c>linuxMinMemory</c>: 6 MiB; 4 MiB in 20.10).</summary>
    private const long FewestBytes = 6 * 1024 * 1024;

    /// <summary>The full spread descriptor; a bare word is a node label.</summary>
    /// <exception cref="SwarmOpsException"><c>SpreadInvalid</c>.</exception>
    public static string Spread(string text)
    {
        if (!SpreadPattern().IsMatch(text))
            throw ServiceErrors.SpreadInvalid(text);
        return text.StartsWith("node.labels.", StringComparison.Ordinal) || text.StartsWith("engine.labels.", StringComparison.Ordinal)
            ? text
            : "node.labels." + text;
    }

    /// <summary>A capability in the CLI's form: upper case, with <c>CAP_</c>.</summary>
    /// <exception cref="SwarmOpsException"><c>CapabilityInvalid</c>.</exception>
    public static string Capability(string text)
    {
        var upper = text.Trim().ToUpperInvariant();
        if (!CapabilityPattern().IsMatch(upper))
            throw ServiceErrors.CapabilityInvalid(text);
        return upper == "ALL" || upper.StartsWith("CAP_", StringComparison.Ordinal) ? upper : "CAP_" + upper;
    }

    /// <summary>An entry <c>name:address</c> as a line of /etc/hosts.</summary>
    /// <exception cref="SwarmOpsException"><c>HostEntryInvalid</c>.</exception>
    public static string HostEntry(string text)
    {
        var at = text.IndexOf(':', StringComparison.Ordinal);
        if (at <= 0 || !System.Net.IPAddress.TryParse(text[(at + 1)..].Trim('[', ']'), out _))
            throw ServiceErrors.HostEntryInvalid(text);
        return $"{text[(at + 1)..].Trim('[', ']')} {text[..at]}";
    }

    /// <summary>A network, with aliases after colons: <c>internal:db:master</c>. No commas, because unquoted PowerShell would parse them as an array.</summary>
    /// <exception cref="SwarmOpsException"><c>NetworkInvalid</c>.</exception>
    public static NetworkAttachment Network(string text)
    {
        var parts = text.Split(':');
        var aliases = parts[1..];
        if (parts[0].Trim().Length == 0 || aliases.Any(alias => !AliasPattern().IsMatch(alias)))
            throw ServiceErrors.NetworkInvalid(text);
        return new NetworkAttachment(parts[0], aliases);
    }

    /// <summary>
    /// Secrets and configs that a request lists more than once with different owners or modes. The engine stores a task's secrets and configs by their
    /// ids (moby, <c>Container.SecretFilePath</c>), so the last one's owner and mode apply to all (seen with 20.10.24: 0400 became 0444).
    /// </summary>
    public static IEnumerable<string> SharedFiles(ServiceRequest request) =>
        new[] { request.Secrets, request.Configs }
            .SelectMany(files =>
                (files ?? [])
                    .GroupBy(file => file.Name)
                    .Where(group => group.Select(file => (file.Uid, file.Gid, file.Mode)).Distinct().Count() > 1)
            )
            .Select(group => group.Key);

    private static void CheckPorts(ServiceRequest request)
    {
        var ports = request.Ports ?? [];
        if (
            ports
                .Where(port => port.Published > 0)
                .GroupBy(port => (port.Published, port.Protocol))
                .FirstOrDefault(group => group.Count() > 1) is
            { } twice
        )
            throw ServiceErrors.PortPublishedTwice($"{twice.Key.Published}/{twice.Key.Protocol}");
        if (request.EndpointMode == SwarmEndpointMode.Dnsrr && ports.FirstOrDefault(port => !port.OnHost) is { } ingress)
            throw ServiceErrors.IngressNeedsVip(request.Name, ingress);
    }

    private static void CheckFiles(string kind, IReadOnlyList<FileReference>? files)
    {
        if (files?.GroupBy(file => file.Target).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw ServiceErrors.FileTargetTwice(kind, twice.Key);
    }

    /// <summary>Checks a placement constraint.</summary>
    /// <exception cref="SwarmOpsException"><c>ConstraintInvalid</c>, <c>ConstraintKeyUnknown</c>.</exception>
    public static void CheckConstraint(string text)
    {
        if (!ConstraintPattern().IsMatch(text))
            throw ServiceErrors.ConstraintInvalid(text);
        var key = text.Split('=', '!')[0].Trim();
        if (!KnownKeyPattern().IsMatch(key))
            throw ServiceErrors.ConstraintKeyUnknown(text, key);
    }

    [GeneratedRegex("^[a-zA-Z0-9](?:[a-zA-Z0-9_-]*[a-zA-Z0-9])?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9_.-]*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex SpreadPattern();

    [GeneratedRegex("^[A-Z][A-Z0-9_]*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex CapabilityPattern();

    [GeneratedRegex("^[a-zA-Z0-9](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9])?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex AliasPattern();

    [GeneratedRegex("^\\s*[^\\s=!]+\\s*(==|!=)\\s*\\S.*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex ConstraintPattern();

    /// <summary>The keys of swarmkit's constraints (manager/constraint): the engine accepts any other key silently, and no node ever meets it.</summary>
    [GeneratedRegex(
        "^(node\\.(id|hostname|ip|role|platform\\.os|platform\\.arch|labels\\..+)|engine\\.labels\\..+)\\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex KnownKeyPattern();
}
