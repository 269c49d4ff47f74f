using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using SwarmOps.Pipeline;
using SwarmOps.Stacks.Model;
using SwarmOps.Stacks.Planning;
using SwarmOps.Stacks.Specification;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Stacks.Deploying;

/// <summary>Creates and removes the networks of a stack.</summary>
/// <param name="swarm">The swarm.</param>
/// <param name="names">The names of the stack.</param>
internal sealed class StackNetworks(SwarmSession swarm, StackNames names)
{
    /// <summary>Creates a network.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="SwarmOpsException"><c>StackNetworkRefused</c>, the transport's errors.</exception>
    public async Task<string> CreateAsync(NetworkStep step)
    {
        var parameters = Parameters(step.Network, step.Name);
        try
        {
            var created = await swarm
                .AskManagerAsync(
                    (manager, token) => manager.AskAsync(engine => engine.Networks.CreateNetworkAsync(parameters, token), token)
                )
                .ConfigureAwait(false);
            return created.ID;
        }
        catch (SwarmOpsException error)
            when (error.InnerException is DockerApiException { StatusCode: not HttpStatusCode.ServiceUnavailable } api)
        {
            // An earlier attempt may have created it, whose answer was lost.
            var present = (await swarm.ReadNetworksAsync().ConfigureAwait(false)).FirstOrDefault(network =>
                network.Name == step.Name && network.Scope == "swarm"
            );
            if (
                present is not null
                && StackState.StackOf(present.Labels) == names.Stack
                && NetworkPlanner.Differences(step.Network, present).Count == 0
            )
                return present.ID;
            throw StackErrors.StackNetworkRefused(step.Name, TransportErrors.MessageOf(api), error);
        }
    }

    /// <summary>Removes a network once no task uses it any more. One that no longer exists is not an error.</summary>
    /// <exception cref="SwarmOpsException"><c>StackNetworkInUse</c>, the transport's errors.</exception>
    public async Task RemoveAsync(string id, string name, TimeSpan timeout)
    {
        SwarmOpsException? refusal = null;
        var removed = await Polling
            .UntilAsync(
                async () => (refusal = await TryRemoveAsync(id).ConfigureAwait(false)) is null ? name : null,
                timeout,
                swarm.Context.CancellationToken
            )
            .ConfigureAwait(false);
        if (removed is null)
            throw StackErrors.StackNetworkInUse(
                names.Stack,
                name,
                refusal?.InnerException is DockerApiException api ? TransportErrors.MessageOf(api) : refusal?.Message ?? "unknown"
            );
    }

    /// <returns>Null when it is removed; the engine's error when it is in use.</returns>
    private async Task<SwarmOpsException?> TryRemoveAsync(string id)
    {
        try
        {
            await swarm
                .AskManagerAsync(
                    async (manager, token) =>
                    {
                        await manager.TellAsync(engine => engine.Networks.DeleteNetworkAsync(id, token), token).ConfigureAwait(false);
                        return true;
                    }
                )
                .ConfigureAwait(false);
            return null;
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound })
        {
            return null;
        }
        catch (SwarmOpsException error)
            when (error.InnerException is DockerApiException api
                && TransportErrors.MessageOf(api) is var message
                && (
                    message.Contains("in use", StringComparison.OrdinalIgnoreCase)
                    || message.Contains("active endpoints", StringComparison.OrdinalIgnoreCase)
                )
            )
        {
            return error;
        }
    }

    private NetworksCreateParameters Parameters(StackNetwork network, string name) =>
        new()
        {
            Name = name,
            Driver = network.Driver ?? "overlay",
            Internal = network.IsInternal,
            Attachable = network.IsAttachable,
            EnableIPv6 = network.EnablesIPv6,
            Options = network.DriverOptions.ToDictionary(option => option.Key, option => option.Value),
            Labels = names.Labels(network.Labels).ToDictionary(label => label.Key, label => label.Value ?? ""),
            IPAM =
                network.IpamDriver is null && network.Subnets.Count == 0
                    ? null
                    : new IPAM
                    {
                        Driver = network.IpamDriver ?? "default",
                        Options = network.IpamOptions.ToDictionary(option => option.Key, option => option.Value),
                        Config =
                        [
                            .. network.Subnets.Select(subnet => new IPAMConfig
                            {
                                Subnet = subnet.Subnet ?? "",
                                Gateway = subnet.Gateway ?? "",
                                IPRange = subnet.Range ?? "",
                            }),
                        ],
                    },
        };
}
