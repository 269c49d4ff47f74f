using System.Text.RegularExpressions;

namespace SwarmOps.Services.Running;

/// <summary>The engine's task errors in short form, with the recommended action.</summary>
internal static partial class TaskWords
{
    /// <summary>An error without the engine's nesting.</summary>
    public static string Of(string error)
    {
        var text = error.Trim().Replace("\"", "", StringComparison.Ordinal);
        foreach (var prefix in new[] { "task: ", "starting container failed: ", "Error response from daemon: " })
            text = text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;
        return PortInUse().Match(text) is { Success: true } port ? $"port {port.Groups[1].Value} is in use" : text;
    }

    /// <summary>The recommended action for the errors; the last one is general.</summary>
    public static string Advice(string service, IEnumerable<string> errors)
    {
        var all = string.Join('\n', errors);
        if (
            all.Contains("No such image", StringComparison.OrdinalIgnoreCase)
            || all.Contains("pull access denied", StringComparison.OrdinalIgnoreCase)
            || all.Contains("manifest unknown", StringComparison.OrdinalIgnoreCase)
        )
            return "Check the image's name and that every node reaches its registry; a private image needs -RegistryCredential.";
        if (
            all.Contains("invalid mount", StringComparison.OrdinalIgnoreCase)
            || all.Contains("bind source path does not exist", StringComparison.OrdinalIgnoreCase)
        )
            return $"Create the directories on the nodes: Update-SwarmService -Name {service} -CreateMountPath.";
        if (
            all.Contains("is in use", StringComparison.OrdinalIgnoreCase)
            || all.Contains("port already", StringComparison.OrdinalIgnoreCase)
            || all.Contains("host-mode port", StringComparison.OrdinalIgnoreCase)
        )
            return "Find out what holds the port (on the node: ss -ltnp), or publish another.";
        if (all.Contains("no suitable node", StringComparison.OrdinalIgnoreCase))
            return "Compare the service's constraints and reservations with the nodes: $nodes | Get-SwarmNode | Format-List Name, Availability, Labels.";
        if (all.Contains("unhealthy", StringComparison.OrdinalIgnoreCase))
            return $"The health check fails: see Get-SwarmServiceLog -Name {service}, or allow more time with -HealthStartPeriodSeconds.";
        return $"See Get-SwarmServiceLog -Name {service} and Get-SwarmTask -Service {service} -All.";
    }

    [GeneratedRegex("(?:listen|bind)[^\\n]*?:([0-9]+): bind: address already in use", RegexOptions.CultureInvariant)]
    private static partial Regex PortInUse();
}
