using Docker.DotNet;
using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Formation;
using SwarmOps.Transport;

namespace SwarmOps.Recovery.Hosts;

/// <summary>Lets an engine make a new cluster of the swarm state on its disk, with itself as the only manager, at the node's present address (<c>ForceNewCluster</c>).</summary>
/// <param name="context">The cmdlet's context.</param>
/// <param name="activity">The cmdlet.</param>
/// <param name="settings">Settings that the engine does not take from the state.</param>
/// <param name="timeout">How long it may take.</param>
internal sealed class ForcedCluster(IOperationContext context, string activity, ClusterSettings settings, TimeSpan timeout)
{
    /// <summary>Makes it, and waits until the node leads it.</summary>
    /// <exception cref="SwarmOpsException"><c>NewClusterFailed</c>, <c>ListenAddressNeeded</c>, the transport's errors.</exception>
    public async Task MakeAsync(NodeObservation node)
    {
        await InitAsync(node).ConfigureAwait(false);
        if (await Polling.UntilAsync(() => LookAsync(node), timeout, context.CancellationToken).ConfigureAwait(false) is null)
            throw RecoveryErrors.NewClusterFailed(node.Node, $"it had no leader after {timeout.TotalSeconds:0} s");
    }

    private async Task InitAsync(NodeObservation node)
    {
        context.WriteProgress(new OperationProgress(0, activity, $"Making the swarm on {node.Node.Name}"));
        try
        {
            await SendAsync(node, ListenAddressChooser.Choose(node.Node)).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (ListenAddressChooser.IsAskedFor(error))
        {
            var own =
                await ListenAddressChooser.AskAsync(node.Connection, context.CancellationToken).ConfigureAwait(false)
                ?? throw SwarmErrors.ListenAddressNeeded(node.Node, error);
            await SendAsync(node, own).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException api)
        {
            throw RecoveryErrors.NewClusterFailed(node.Node, TransportErrors.MessageOf(api), error);
        }
    }

    private Task SendAsync(NodeObservation node, string listenAddress)
    {
        var parameters = new SwarmInitParameters
        {
            ForceNewCluster = true,
            AdvertiseAddr = node.Node.AdvertiseAddress!,
            ListenAddr = listenAddress,
            DataPathAddr = "",
            DataPathPort = settings.DataPathPort,
            DefaultAddrPool = [.. settings.AddressPools],
            SubnetSize = settings.SubnetSize,
            AutoLockManagers = settings.AutoLock,
            // The engine keeps all settings of the state but this one, which it sets to what is sent (moby, MergeSwarmSpecToGRPC).
            Spec = new Spec
            {
                Labels = new Dictionary<string, string>(),
                EncryptionConfig = new EncryptionConfig { AutoLockManagers = settings.AutoLock },
            },
        };
        return node.Connection.TellAsync(
            engine => engine.Swarm.InitSwarmAsync(parameters, context.CancellationToken),
            context.CancellationToken
        );
    }

    private async Task<SwarmView?> LookAsync(NodeObservation node)
    {
        try
        {
            var now = await NodeObservation.TakeAsync(node.Node, node.Connection, context.CancellationToken).ConfigureAwait(false);
            if (now is not { IsManager: true, SwarmId: { } id })
                return null;
            var view = await SwarmView.ReadAsync(node.Connection, id, context.CancellationToken).ConfigureAwait(false);
            return view.Find(now.NodeId)?.ManagerStatus?.Leader is true ? view : null;
        }
        catch (SwarmOpsException error) when (SwarmSession.IsPassing(error))
        {
            return null;
        }
    }
}
