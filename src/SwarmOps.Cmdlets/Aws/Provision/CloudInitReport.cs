using System.Text.Json;

namespace SwarmOps.Aws.Provision;

/// <summary>The state of a host's first boot, as reported by cloud-init.</summary>
/// <param name="HasEnded">Whether cloud-init has finished, with or without errors; true if it is not installed.</param>
/// <param name="Errors">cloud-init's errors; empty if none.</param>
/// <param name="LastLines">The last lines of the user data's output.</param>
internal sealed record CloudInitReport(bool HasEnded, IReadOnlyList<string> Errors, IReadOnlyList<string> LastLines)
{
    private const string OutputMark = "--- output";

    /// <summary>How many log lines an error contains: apt reports the problem in its last lines.</summary>
    private const int Lines = 5;

    /// <summary>The script for the host. cloud-init writes result.json when it has finished (since version 0.7.5); the output and exit codes of its status command have changed since.</summary>
    public const string Script = """
        if [ -r /run/cloud-init/result.json ]; then echo ended; cat /run/cloud-init/result.json
        elif [ -e /run/cloud-init/disabled ] || ! { [ -d /run/cloud-init ] || command -v cloud-init >/dev/null 2>&1; }; then echo absent
        else echo running; fi
        echo '--- output'
        tail -n 40 /var/log/cloud-init-output.log 2>/dev/null
        true
        """;

    /// <summary>Whether the first boot failed.</summary>
    public bool HasFailed => Errors.Count > 0;

    /// <summary>The errors as a sentence.</summary>
    public string Describe() =>
        string.Join("; ", Errors) + (LastLines.Count > 0 ? $". Last lines of its output: {string.Join(" | ", LastLines)}" : "");

    /// <summary>Parses the script's output.</summary>
    public static CloudInitReport Parse(string output)
    {
        var parts = output.ReplaceLineEndings("\n").Split(OutputMark, 2);
        var state = parts[0].TrimStart();
        IReadOnlyList<string> lines =
            parts.Length < 2
                ? []
                : [.. parts[1].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(Lines)];
        if (state.StartsWith("absent", StringComparison.Ordinal))
            return new CloudInitReport(true, [], lines);
        return state.StartsWith("ended", StringComparison.Ordinal) && TryReadErrors(state["ended".Length..]) is { } errors
            ? new CloudInitReport(true, errors, lines)
            : new CloudInitReport(false, [], lines);
    }

    /// <summary>Null while the file is being written.</summary>
    private static IReadOnlyList<string>? TryReadErrors(string json)
    {
        try
        {
            using var result = JsonDocument.Parse(json);
            return result.RootElement.GetProperty("v1").TryGetProperty("errors", out var errors)
                ? [.. errors.EnumerateArray().Select(error => error.ToString())]
                : [];
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
