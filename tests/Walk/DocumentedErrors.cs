using System.Text.RegularExpressions;

namespace SwarmOps.Tests.Walk;

/// <summary>The error ids of docs/errors: what an administrator may get, if it comes with the next step.</summary>
internal static partial class DocumentedErrors
{
    private static readonly HashSet<string> Ids = new(
        Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "docs", "errors"), "*.md")
            .SelectMany(File.ReadLines)
            .Select(line => Id().Match(line))
            .Where(match => match.Success)
            .Select(match => match.Groups[1].Value),
        StringComparer.Ordinal
    );

    /// <summary>What is wrong with what a line gave; nothing when all of it is documented.</summary>
    public static IEnumerable<string> Violations(string line, LineOutcome outcome)
    {
        if (outcome.Crash is { } crash)
            yield return $"expected '{line}' to end with a result or a documented error; seen: {crash}";
        foreach (var error in outcome.Errors)
        {
            if (!Ids.Contains(error.Id))
                yield return $"expected '{line}' to give documented errors only; seen: {error.Id} ({error.Type}): {error.Message}";
            else if (error.Action.Length == 0)
                yield return $"expected '{line}' to recommend the next step with {error.Id}; seen: {error.Message}";
        }
    }

    [GeneratedRegex("^\\| `?([A-Z][A-Za-z0-9]+)`? \\|")]
    private static partial Regex Id();
}
