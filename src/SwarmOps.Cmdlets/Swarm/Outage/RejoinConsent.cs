using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Outage;

/// <summary>Asks for confirmation before a node loses the state of a swarm, and names what is lost.</summary>
/// <param name="context">The context of the cmdlet.</param>
/// <param name="force">Whether the confirmation is suppressed.</param>
internal sealed class RejoinConsent(IOperationContext context, bool force)
{
    /// <summary>Asks; false under <c>-WhatIf</c>, or when the user says no.</summary>
    /// <param name="report">The node.</param>
    /// <param name="action">What follows, such as <c>join swarm x</c>.</param>
    /// <param name="warning">An additional warning; null for none.</param>
    /// <exception cref="SwarmOpsException"><c>RejoinNotConfirmed</c>.</exception>
    public async Task<bool> AskAsync(NodeReport report, string action, string? warning = null)
    {
        var own = report.Observation!;
        if (
            !await context
                .ShouldProcessAsync(report.Node.ToString(), $"Leave its present swarm by force ({own.LocalState}) and {action}")
                .ConfigureAwait(false)
        )
            return false;
        if (force)
            return true;
        var wasManager = own.Info.Swarm?.ControlAvailable is true || report.Trace?.HoldsRaft is true;
        var losses = wasManager
            ? "its copy of the raft log: the swarm's secrets, configs, services and networks"
            : "its membership in that swarm";
        var copy = report.Trace is { IsHeld: true } trace
            ? $" A copy of {trace.Path} is kept next to it on the node."
            : " No copy can be made: commands cannot be run as root on its host.";
        try
        {
            return await context
                .ShouldContinueAsync(
                    $"'{report.Node.Name}' leaves {(report.Trace?.SwarmId is { } id ? $"swarm {id}" : "its swarm")} by force and loses {losses}. "
                        + $"If the rest of that swarm comes back, there will be two swarms.{copy}{(warning is null ? "" : $" {warning}")} Continue?",
                    "Delete the state of a swarm"
                )
                .ConfigureAwait(false);
        }
        catch (InvalidOperationException cause)
        {
            throw OutageErrors.RejoinNotConfirmed(report.Node, cause);
        }
    }
}
