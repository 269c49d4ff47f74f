using System.Globalization;

namespace SwarmOps.Tests.Lab;

/// <summary>A script in a process of its own that kills itself at a point (tests/KillHost).</summary>
internal static class KillRun
{
    private const int Killed = 128 + 9;

    /// <summary>Runs a script.</summary>
    /// <param name="script">Path of the script.</param>
    /// <param name="killAt">The point at which it is killed; 0 lets it run to its end.</param>
    /// <param name="points">What counts as a point: <c>changes</c>, <c>effects</c> or <c>all</c>.</param>
    /// <returns>The number of points of a run that came to its end; null when it was killed.</returns>
    public static async Task<int?> RunAsync(string script, int killAt, string points = "changes")
    {
        var (exitCode, output, error) = await Shell.RunAsync(
            "dotnet",
            "exec",
            Repository.KillHost,
            Repository.Module,
            script,
            killAt.ToString(CultureInfo.InvariantCulture),
            points
        );
        if (exitCode == Killed)
            return null;
        return exitCode == 0 && int.TryParse(output.Split("POINTS ")[^1].Trim(), CultureInfo.InvariantCulture, out var count)
            ? count
            : throw new InvalidOperationException($"exit code {exitCode}: {output}{error}");
    }

    /// <summary>The lab's hosts as nodes, for the beginning of a script.</summary>
    public static string Nodes(LabFixture lab) => $"$(\n{string.Join('\n', lab.Hosts.Select(host => host.Description))}\n)";
}
