using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Nodes.Keys;

/// <summary>
/// Replaces the SSH key of nodes: the new key in, proven by a connection of its own; then the old one out, and proven once more while that connection is still open, through which
/// the file could be put back. There is no moment at which no key is accepted.
/// </summary>
internal sealed class UpdateNodeKeyOperation(IOperationContext context, UpdateNodeKeyRequest request)
{
    /// <summary>Runs the operation; writes each node with its new key.</summary>
    /// <exception cref="SwarmOpsException">Those of the new key's file, before any node is asked.</exception>
    public async Task RunAsync()
    {
        var added = new SshPublicKey(SshKeys.PublicKeyOfFile(request.NewKeyPath, request.NewPassphrase));
        var plans = await NodeSet
            .ForEachAsync(context, request.Nodes, request.ThrottleLimit, node => LookAsync(node, added))
            .ConfigureAwait(false);
        var confirmed = new List<KeyPlan>();
        foreach (var plan in plans)
        {
            var words =
                $"Replace the SSH key {plan.Old.Fingerprint} by {plan.New.Fingerprint}"
                + (request.KeepOld ? ": both are accepted" : ": the old key is not accepted any more");
            if (IsDone(plan) || await context.ShouldProcessAsync(plan.Node.ToString(), words).ConfigureAwait(false))
                confirmed.Add(plan);
        }

        var byNode = confirmed.ToDictionary(plan => plan.Node.Name, StringComparer.OrdinalIgnoreCase);
        await NodeSet
            .ForEachAsync(
                context,
                [.. confirmed.Select(plan => plan.Node)],
                request.ThrottleLimit,
                async node =>
                {
                    await ReplaceAsync(byNode[node.Name]).ConfigureAwait(false);
                    return true;
                }
            )
            .ConfigureAwait(false);
    }

    private bool IsDone(KeyPlan plan) => plan.Keys.Has(plan.New) && (request.KeepOld || !plan.Keys.Has(plan.Old));

    private async Task<KeyPlan> LookAsync(SwarmNode node, SshPublicKey added)
    {
        if (EngineEndpoint.Parse(node.DockerHost ?? throw TransportErrors.NodeHasNoEndpoint(node), node).Kind != EngineEndpointKind.Ssh)
            throw NodeKeyErrors.NodeKeyNotOverSsh(node);
        var own = request.Options.Credential ?? node.Credential;
        var old = new SshPublicKey(SshKeys.PublicKey(node, own) ?? throw NodeKeyErrors.NodeKeyUnknown(node));
        if (added == old)
            throw NodeKeyErrors.NodeKeySame(node, old.Fingerprint);
        var keys = await ReadAsync(node).ConfigureAwait(false);
        if (keys is null || (!keys.Has(old) && !keys.Has(added)))
            throw NodeKeyErrors.NodeKeyElsewhere(node, old.Fingerprint);
        return new KeyPlan(node, old, added, keys);
    }

    /// <summary>After an interrupted run that had removed the old key, only the new one is accepted.</summary>
    private async Task<AuthorizedKeys?> ReadAsync(SwarmNode node)
    {
        try
        {
            return await KeyFileOnHost.ReadAsync(context.Connection(node), context.CancellationToken).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.ErrorId == nameof(TransportErrors.SshAuthenticationFailed))
        {
            var renewed = Connect(Renewed(node));
            await using var _ = renewed.ConfigureAwait(false);
            try
            {
                return await KeyFileOnHost.ReadAsync(renewed, context.CancellationToken).ConfigureAwait(false);
            }
            catch (SwarmOpsException)
            {
                throw error;
            }
        }
    }

    private async Task ReplaceAsync(KeyPlan plan)
    {
        var node = plan.Node;
        var both = plan.Keys;
        if (!both.Has(plan.New))
        {
            both = both.With(plan.New, plan.Old);
            await KeyFileOnHost.ReplaceAsync(context.Connection(node), plan.Keys, both, context.CancellationToken).ConfigureAwait(false);
        }

        var first = Connect(Renewed(node));
        await using var _ = first.ConfigureAwait(false);
        await ProveAsync(plan, first, context.Connection(node), both).ConfigureAwait(false);
        if (!request.KeepOld && both.Has(plan.Old))
        {
            var alone = both.Without(plan.Old);
            await KeyFileOnHost.ReplaceAsync(first, both, alone, context.CancellationToken).ConfigureAwait(false);
            var second = Connect(Renewed(node));
            await using var __ = second.ConfigureAwait(false);
            await ProveAsync(plan with { Keys = both }, second, first, alone).ConfigureAwait(false);
            await TellIfOldWorksAsync(node).ConfigureAwait(false);
        }

        context.WriteObject(Renewed(node));
    }

    /// <summary>Proves the new key by a connection of its own; if that fails, puts the file back through another one.</summary>
    /// <param name="plan">The plan, with the file as it was before the last change.</param>
    /// <param name="tried">The connection to open with the new key.</param>
    /// <param name="open">The connection through which the file was changed.</param>
    /// <param name="present">The file as it is now.</param>
    private async Task ProveAsync(KeyPlan plan, NodeConnection tried, INodeConnection open, AuthorizedKeys present)
    {
        try
        {
            await tried.RunCheckedAsync("trying the new key", new NodeCommand("true"), context.CancellationToken).ConfigureAwait(false);
        }
        catch (SwarmOpsException why)
        {
            var isRestored = await RestoreAsync(plan, open, present).ConfigureAwait(false);
            throw NodeKeyErrors.NodeKeyNotProven(plan.Node, why, isRestored, (isRestored ? plan.Keys : present).Has(plan.Old));
        }
    }

    private async Task<bool> RestoreAsync(KeyPlan plan, INodeConnection connection, AuthorizedKeys present)
    {
        try
        {
            if (present != plan.Keys)
                await KeyFileOnHost.ReplaceAsync(connection, present, plan.Keys, context.CancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (SwarmOpsException error)
        {
            context.WriteVerbose($"{plan.Node.Name}: authorized_keys could not be put back: {error.Message}");
            return false;
        }
    }

    /// <summary>A key may be in a second file, or come from a command of sshd.</summary>
    private async Task TellIfOldWorksAsync(SwarmNode node)
    {
        var old = NodeConnection.Create(
            node,
            request.Options with
            {
                Credential = (request.Options.Credential ?? node.Credential) is { } own ? own with { Password = null } : null,
            }
        );
        await using var _ = old.ConfigureAwait(false);
        try
        {
            await old.RunAsync(new NodeCommand("true"), context.CancellationToken).ConfigureAwait(false);
            context.WriteWarning(
                $"'{node.Name}' still accepts the old key: sshd takes keys from another place too. Check AuthorizedKeysFile and AuthorizedKeysCommand in sshd_config."
            );
        }
        catch (SwarmOpsException error)
        {
            context.WriteVerbose($"{node.Name}: the old key: {error.Message}");
        }
    }

    private NodeConnection Connect(SwarmNode renewed) =>
        NodeConnection.Create(renewed, request.Options with { Credential = renewed.Credential });

    private SwarmNode Renewed(SwarmNode node) =>
        node with
        {
            KeyFilePath = request.NewKeyPath,
            Credential = request.NewPassphrase is null ? null : new NodeCredential { KeyPassphrase = request.NewPassphrase },
        };

    private sealed record KeyPlan(SwarmNode Node, SshPublicKey Old, SshPublicKey New, AuthorizedKeys Keys);
}
