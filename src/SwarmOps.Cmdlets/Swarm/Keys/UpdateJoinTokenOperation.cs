using Docker.DotNet.Models;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Keys;

/// <summary>Replaces join tokens, and reads back that the swarm has others. No token leaves the operation.</summary>
internal sealed class UpdateJoinTokenOperation(IOperationContext context, UpdateJoinTokenRequest request)
{
    /// <summary>Runs it and emits what was replaced.</summary>
    public async Task RunAsync()
    {
        var session = await SwarmSession.OpenAsync(context, request.Nodes, request.ThrottleLimit, request.Timeout).ConfigureAwait(false);
        var agreed = new List<SwarmNodeRole>();
        foreach (var role in request.Roles)
        {
            if (await context.ShouldProcessAsync($"swarm {session.SwarmId}", $"Replace the {Word(role)} join token").ConfigureAwait(false))
                agreed.Add(role);
        }

        if (agreed.Count == 0)
            return;
        JoinTokens? before = null;
        await ClusterDocument
            .UpdateAsync(
                session,
                document =>
                {
                    before ??= document.JoinTokens;
                    var left = agreed.Where(role => Token(document.JoinTokens, role) == Token(before, role)).ToList();
                    return left.Count == 0
                        ? null
                        : new SwarmUpdateParameters
                        {
                            RotateWorkerToken = left.Contains(SwarmNodeRole.Worker),
                            RotateManagerToken = left.Contains(SwarmNodeRole.Manager),
                        };
                }
            )
            .ConfigureAwait(false);
        var now = (await ClusterDocument.ReadAsync(session).ConfigureAwait(false)).JoinTokens;
        foreach (var role in agreed)
        {
            if (Token(now, role) is not { Length: > 0 } token || token == Token(before, role))
                context.WriteError(SwarmKeyErrors.JoinTokenNotReplaced(session.SwarmId, Word(role)));
            else
                context.WriteObject(new SwarmJoinTokenUpdate(session.SwarmId, role, DateTime.UtcNow));
        }
    }

    private static string? Token(JoinTokens? tokens, SwarmNodeRole role) =>
        role == SwarmNodeRole.Manager ? tokens?.Manager : tokens?.Worker;

    private static string Word(SwarmNodeRole role) => role == SwarmNodeRole.Manager ? "manager" : "worker";
}
