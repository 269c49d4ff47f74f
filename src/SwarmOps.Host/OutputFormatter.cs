using System.Management.Automation;

namespace SwarmOps.Host;

/// <summary>
/// One <c>Out-Default</c> for a whole run, outside of the script's own pipeline: what a script has emitted before a terminating error is
/// still drawn (inside the pipeline the engine throws away the rows it holds back to measure a table's columns).
/// </summary>
internal sealed class OutputFormatter : IDisposable
{
    private SteppablePipeline outDefault = Begin();
    private bool ended;

    /// <summary>Draws one object, or holds it back until the table's columns are known.</summary>
    public void Draw(PSObject item)
    {
        if (item.BaseObject is ErrorRecord error)
            Draw(error);
        else
            Process(item);
    }

    /// <summary>Draws an error, on standard error.</summary>
    public void Draw(ErrorRecord error) => Process(EngineInternals.ForErrorStream(WithId(error)));

    /// <summary>Draws what was held back.</summary>
    public void Complete()
    {
        if (ended)
            return;
        try
        {
            outDefault.End();
        }
        catch (PipelineStoppedException)
        {
            // Ctrl+C: the formatter was stopped with the script, and what it held back is not wanted any more.
        }
    }

    /// <inheritdoc />
    public void Dispose() => outDefault.Dispose();

    // A stop that meets the formatter at work ends it; what a finally block writes after that still has to be seen.
    private void Process(PSObject item)
    {
        if (ended)
            Renew();
        try
        {
            outDefault.Process(item);
        }
        catch (PipelineStoppedException)
        {
            ended = true;
            Renew();
            outDefault.Process(item);
        }
    }

    // Outside of finally blocks the engine refuses to begin another one while it stops: then the stop stands.
    private void Renew()
    {
        var next = Begin();
        outDefault.Dispose();
        outDefault = next;
        ended = false;
    }

    // The thread's default runspace is the one whose views are used.
    private static SteppablePipeline Begin()
    {
        var begun = ScriptBlock.Create("Out-Default").GetSteppablePipeline();
        begun.Begin(expectInput: true);
        return begun;
    }

    // The engine's error view has the message, the position and the recommendation; the id, by which help and scripts go, is missing.
    private static ErrorRecord WithId(ErrorRecord error)
    {
        if (string.IsNullOrWhiteSpace(error.ErrorDetails?.RecommendedAction))
            return error;

        var shown = new ErrorRecord(error, error.Exception);
        shown.ErrorDetails.RecommendedAction += $"{Environment.NewLine}  Id: {error.FullyQualifiedErrorId}";
        return shown;
    }
}
