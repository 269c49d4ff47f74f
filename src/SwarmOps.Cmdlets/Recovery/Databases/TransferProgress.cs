using System.Globalization;
using SwarmOps.Pipeline;

namespace SwarmOps.Recovery.Databases;

/// <summary>Shows how much of a database was transferred, a few times a second at most: each record waits for the pipeline thread.</summary>
/// <param name="context">The cmdlet's context.</param>
/// <param name="activity">The activity.</param>
/// <param name="step">What is done.</param>
internal sealed class TransferProgress(IOperationContext context, string activity, string step)
{
    private const long Interval = 300;

    private long last;

    /// <summary>Shows it.</summary>
    public void Show(long done, long all)
    {
        var now = Environment.TickCount64;
        if (now - last < Interval)
            return;
        last = now;
        var words = string.Create(CultureInfo.InvariantCulture, $"{step}: {done / 1e6:0} of {all / 1e6:0} MB");
        context.WriteProgress(new OperationProgress(1, activity, words, (int)(100 * done / Math.Max(1, all))));
    }
}
