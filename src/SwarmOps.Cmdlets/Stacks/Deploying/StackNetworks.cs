using System.Net;
using System.Text.Json.Nodes;
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
    /// <summary>How long an engine may list a network that the swarm has no longer: until the last container has left it, which has its own time to stop.</summary>
    private static readonly TimeSpan StaleLimit = TimeSpan.FromSeconds(120);

    /// <summary>
    /// Creates a network unless the swarm has it. A manager's list is no proof: it names a removed network until the last container on that manager has left it, refuses another one of
    /// the same name as long, and the swarm would reject a service on the removed one.
    /// </summary>
    /// <param name="step">The network.</param>
    /// <param name="say">Shows what is waited for.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="SwarmOpsException"><c>StackNetworkRefused</c>, the transport's errors.</exception>
    public async Task<string> EnsureAsync(NetworkStep step, Action<string> say)
    {
        if (step.Present is not { } listed)
            return await CreateAsync(step).ConfigureAwait(false);
        if (!await IsGoneAsync(listed.ID).ConfigureAwait(false))
            return listed.ID;
        say($"Waiting until the removed network '{step.Name}' is free");
        swarm.Context.WriteVerbose(
            $"The network '{step.Name}' ({listed.ID}) was removed a moment ago, and a manager still lists it: waiting until its last container has left it"
        );
        await Polling
            .UntilAsync(
                async () =>
                    (await swarm.ReadNetworksAsync().ConfigureAwait(false)).All(network => network.ID != listed.ID) ? step.Name : null,
                StaleLimit,
                swarm.Context.CancellationToken
            )
            .ConfigureAwait(false);
        return await CreateAsync(step).ConfigureAwait(false);
    }

    /// <summary>
    /// Whether the swarm does not have a network. Only the creation of a service asks it: the networks are looked up first, and then this service is refused in any case, because it
    /// has no image (moby, daemon/cluster/services.go; swarmkit, manager/controlapi/service.go).
    /// </summary>
    private async Task<bool> IsGoneAsync(string id)
    {
        var impossible = new JsonObject
        {
            ["Name"] = $"{names.Stack}_swarmops-question",
            ["Mode"] = new JsonObject { ["Replicated"] = new JsonObject { ["Replicas"] = 0 } },
            ["TaskTemplate"] = new JsonObject
            {
                ["ContainerSpec"] = new JsonObject { ["Image"] = "" },
                ["Networks"] = new JsonArray(new JsonObject { ["Target"] = id }),
            },
        };
        try
        {
            await swarm.AskAsync((api, token) => api.PostAsync("/services/create", impossible, token)).ConfigureAwait(false);
            return false;
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException api)
        {
            var message = TransportErrors.MessageOf(api);
            return message.Contains(id, StringComparison.Ordinal) && message.Contains("not found", StringComparison.Ordinal);
        }
    }

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
