using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;

namespace SwarmOps.Host;

/// <summary>
/// One line at the bottom of the terminal that is drawn over as work goes on. On standard error, so that redirected output stays clean;
/// silent when there is no terminal.
/// </summary>
internal sealed class ProgressLine
{
    /// <summary>Time between two drawings: faster cannot be read and slows the pipeline down.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private long lastDrawn;
    private bool visible;

    /// <summary>Draws a record, unless one was drawn just now; a completed one wipes the line.</summary>
    public void Show(ProgressRecord record)
    {
        if (!Terminal.ErrorIsRedrawable)
            return;

        if (record.RecordType == ProgressRecordType.Completed)
        {
            Clear();
            return;
        }

        if (visible && Stopwatch.GetElapsedTime(lastDrawn) < Interval)
            return;

        var text = Fit(Describe(record), Math.Max(10, Console.WindowWidth - 1));
        Console.Error.Write(Terminal.ErrorHasColors ? $"{Ansi.ClearLine}{Ansi.Progress}{text}{Ansi.Reset}" : $"{Ansi.ClearLine}{text}");
        lastDrawn = Stopwatch.GetTimestamp();
        visible = true;
    }

    /// <summary>Wipes the line, so that something else can be written in its place.</summary>
    public void Clear()
    {
        if (!visible)
            return;

        Console.Error.Write(Ansi.ClearLine);
        visible = false;
    }

    private static string Describe(ProgressRecord record)
    {
        var percent = record.PercentComplete >= 0 ? string.Create(CultureInfo.InvariantCulture, $" {record.PercentComplete} %") : "";
        var remaining = record.SecondsRemaining >= 0 ? $" ({TimeSpan.FromSeconds(record.SecondsRemaining):hh\\:mm\\:ss} left)" : "";
        var operation = string.IsNullOrWhiteSpace(record.CurrentOperation) ? "" : $" - {record.CurrentOperation}";
        return $"{record.Activity}:{percent} {record.StatusDescription}{operation}{remaining}".ReplaceLineEndings(" ");
    }

    private static string Fit(string text, int width) => text.Length <= width ? text : text[..(width - 1)] + "…";
}
