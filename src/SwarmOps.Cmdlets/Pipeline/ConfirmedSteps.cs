namespace SwarmOps.Pipeline;

/// <summary>Steps of which each asks before it changes something, and depends on those before it.</summary>
internal static class ConfirmedSteps
{
    /// <summary>Takes the steps in their order, up to the first that the user declines. Under <c>-WhatIf</c> all are taken, so that all are shown.</summary>
    /// <param name="context">The stage.</param>
    /// <param name="steps">Each returns whether it was done; false if the user declined.</param>
    /// <returns>Whether all were done.</returns>
    public static async Task<bool> InTurnAsync(this IOperationContext context, IEnumerable<Func<Task<bool>>> steps)
    {
        var all = true;
        foreach (var step in steps)
        {
            all &= await step().ConfigureAwait(false);
            if (!all && !context.IsWhatIf)
                return false;
        }

        return all;
    }
}
