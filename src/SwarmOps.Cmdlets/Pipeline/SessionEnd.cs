using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using SwarmOps.Transport;

namespace SwarmOps.Pipeline;

/// <summary>Closes what is kept open for a session when the session ends: a job of Azure Automation leaves nothing behind in the process.</summary>
internal static class SessionEnd
{
    private static readonly ConditionalWeakTable<Runspace, object> Watched = [];

    /// <summary>Watches a session, once.</summary>
    public static void Watch(Runspace? runspace)
    {
        if (runspace is not null)
            Watched.GetValue(
                runspace,
                static watched =>
                {
                    watched.StateChanged += OnStateChanged;
                    return watched.InstanceId;
                }
            );
    }

    private static void OnStateChanged(object? sender, RunspaceStateEventArgs state)
    {
        if (
            sender is Runspace ending
            && state.RunspaceStateInfo.State is RunspaceState.Closing or RunspaceState.Closed or RunspaceState.Broken
        )
            _ = KeptNodes.CloseAsync(ending.InstanceId);
    }
}
