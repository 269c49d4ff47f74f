using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Locking;

/// <summary>Connects the taking of a lock to a cmdlet's output.</summary>
internal static class LockTakings
{
    /// <summary>Creates a lock taking for a cmdlet.</summary>
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
