using System.Text.Json;

namespace SwarmOps.Aws.Provision;

/// <summary>How far the first boot of a host is, as cloud-init itself says.</summary>
/// <param name="HasEnded">Whether cloud-init has ended, well or badly; true where there is none.</param>
/// <param name="Errors">What failed, in cloud-init's words; empty when nothing did.</param>
/// <param name="LastLines">The end of what the user data printed.</param>
internal sealed record CloudInitReport(bool HasEnded, IReadOnlyList<string> Errors, IReadOnlyList<string> LastLines)
{
    private const string OutputMark = "--- output";

    /// <summary>How many lines of the log an error tells: apt names the trouble in its last ones.</summary>
    private const int Lines = 5;

    /// <summary>Asks the host. cloud-init writes result.json when it has ended, since version 0.7.5; its status command has changed words and exit codes since.</summary>
    public const string Script =
        """
        if [ -r /run/cloud-init/result.json ]; then echo ended; cat /run/cloud-init/result.json
        elif [ -e /run/cloud-init/disabled ] || ! { [ -d /run/cloud-init ] || command -v cloud-init >/dev/null 2>&1; }; then echo absent
        else echo running; fi
        echo '--- output'
        tail -n 40 /var/log/cloud-init-output.log 2>/dev/null
        true
        """;

    /// <summary>Whether the first boot failed.</summary>
    public bool HasFailed => Errors.Count > 0;

    /// <summary>What failed, in a sentence.</summary>
    public string Describe() => string.Join("; ", Errors) + (LastLines.Count > 0 ? $". The end of its output: {string.Join(" | ", LastLines)}" : "");

    /// <summary>Reads the script's output.</summary>
    public static CloudInitReport Parse(string output)
    {
        var parts = output.ReplaceLineEndings("\n").Split(OutputMark, 2);
        var state = parts[0].TrimStart();
        IReadOnlyList<string> lines = parts.Length < 2 ? [] : [.. parts[1].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(Lines)];
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
            return result.RootElement.GetProperty("v1").TryGetProperty("errors", out var errors) ? [.. errors.EnumerateArray().Select(error => error.ToString())] : [];
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
