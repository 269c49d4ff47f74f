using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Locking;

/// <summary>Lets the taking of a lock speak through a stage.</summary>
internal static class LockTakings
{
    /// <summary>Prepares the taking of a lock.</summary>
    public static LockTaking Create(IOperationContext context, LockSettings settings)
    {
        var last = "";
        return new LockTaking(settings, TimeProvider.System)
        {
            Tell = message =>
            {
                context.WriteProgress(new OperationProgress(0, settings.Activity, message));
                if (message != last)
                    context.WriteVerbose(message);
                last = message;
            },
            TellMore = context.WriteVerbose,
        };
    }
}
