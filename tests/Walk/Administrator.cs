using System.Diagnostics;
using System.Globalization;

namespace SwarmOps.Tests.Walk;

/// <summary>What a line of an administrator came to.</summary>
/// <param name="Killed">Whether its process killed itself at the remote call that was drawn.</param>
/// <param name="Errors">What went wrong, as the user sees it.</param>
/// <param name="Warnings">What it warned of.</param>
/// <param name="Crash">What no user should ever see: a process that hung, or ended by an exception.</param>
internal sealed record LineOutcome(
    bool Killed,
    IReadOnlyList<LineError> Errors,
    IReadOnlyList<string> Warnings,
    string? Crash,
    TimeSpan Took
)
{
    public bool Succeeded => !Killed && Crash is null && Errors.Count == 0;

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(Killed ? "killed" : Crash is not null ? "CRASHED" : Errors.Count > 0 ? string.Join(", ", Errors.Select(error => error.Id).Distinct()) : "done")} after {Took.TotalSeconds:0.0} s"
        );
}

/// <summary>An error record.</summary>
internal sealed record LineError(string Id, string Message, string Action, string Type);

/// <summary>One who works on the swarm from a machine of their own: each line is a process.</summary>
internal sealed class Administrator(WalkLab lab, string name, DirectoryInfo folder, CancellationToken cancellation)
{
    /// <summary>No line takes this long by its own time limits: what does has hung.</summary>
    private static readonly TimeSpan LineLimit = TimeSpan.FromMinutes(10);

    private int count;

    public string Name => name;

    /// <summary>Runs a line; with <paramref name="killAt"/> above 0 it kills itself before that remote call, if it comes so far.</summary>
    public async Task<LineOutcome> RunAsync(string line, int killAt = 0)
    {
        var script = Path.Combine(folder.FullName, string.Create(CultureInfo.InvariantCulture, $"{name}-{++count:000}.ps1"));
        await File.WriteAllTextAsync(script, Script(line), cancellation);
        var clock = Stopwatch.StartNew();
        // 'timeout' ends it should the walk itself be killed.
        var end = await Shell.RunAsync(
            LineLimit,
            "timeout",
            [
                "--signal=KILL",
                "900",
                "dotnet",
                "exec",
                Repository.KillHost,
                Repository.Module,
                script,
                killAt.ToString(CultureInfo.InvariantCulture),
                "all",
            ],
            cancellation
        );
        await File.WriteAllTextAsync(
            Path.ChangeExtension(script, ".log"),
            $"exit code {end.ExitCode}\n{end.Output}{end.Error}",
            cancellation
        );
        return Outcome(end, killAt, clock.Elapsed);
    }

    private string Script(string line) =>
        $$"""
            $ErrorActionPreference = 'Continue'
            $PSDefaultParameterValues = @{ '*-Swarm*:ConnectionTimeoutSeconds' = 10; '*-Galera*:ConnectionTimeoutSeconds' = 10 }
            function Format-Text($Text) { "$Text".Replace("`r", '').Replace("`n", ' / ').Replace("`t", ' ') }
            function Format-Record($Record) {
                if ($Record -is [System.Management.Automation.ErrorRecord]) {
                    $action = if ($Record.ErrorDetails) { $Record.ErrorDetails.RecommendedAction }
                    "E`t$($Record.FullyQualifiedErrorId.Split(',')[0])`t$(Format-Text $Record.Exception.Message)`t$(Format-Text $action)`t$($Record.Exception.GetType().FullName)"
                }
                elseif ($Record -is [System.Management.Automation.WarningRecord]) { "W`t$(Format-Text $Record.Message)" }
                elseif ($null -ne $Record) { "O`t$($Record.GetType().Name)`t$(Format-Text $Record)" }
            }
            $all = @(
            {{string.Join('\n', lab.Hosts.Select(host => "    " + host.Description))}}
            )
            try {
                & {
                    {{line}}
                } *>&1 | ForEach-Object { Format-Record $_ }
            }
            catch {
                Format-Record $_
            }
            """;

    private static LineOutcome Outcome(ProgramEnd end, int killAt, TimeSpan took)
    {
        const int killed = 128 + 9;
        var rows = end.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split('\t')).ToList();
        List<LineError> errors =
        [
            .. rows.Where(row => row[0] == "E" && row.Length == 5).Select(row => new LineError(row[1], row[2], row[3], row[4])),
        ];
        List<string> warnings = [.. rows.Where(row => row[0] == "W").Select(row => row[1])];
        var wasKilled = killAt > 0 && end.ExitCode == killed && !end.TimedOut;
        var crash =
            end.TimedOut ? $"It did not end within {LineLimit.TotalMinutes:0} minutes."
            : wasKilled || (end.ExitCode == 0 && rows.Any(row => row[0].StartsWith("POINTS", StringComparison.Ordinal))) ? null
            : $"It ended with exit code {end.ExitCode}: {end.Error.Trim()}";
        return new(wasKilled, errors, warnings, crash, took);
    }
}
