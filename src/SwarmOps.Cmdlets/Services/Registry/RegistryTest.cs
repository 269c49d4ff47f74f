using Docker.DotNet;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Services.Registry;

/// <summary>Tries a login: a manager asks the registry for an image's description with it, as it does when it pins an image.</summary>
/// <param name="swarm">The swarm.</param>
internal sealed class RegistryTest(SwarmSession swarm)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The words with which registries and engines reject a credential, whatever status code they give.</summary>
    private static readonly string[] Refusals = ["unauthorized", "denied", "no basic auth credentials", "forbidden"];

    /// <summary>Whether a registry's answer rejects the login.</summary>
    public static bool IsRefusal(string words) => Refusals.Any(word => words.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns if the registry takes the login.</summary>
    /// <param name="image">The image.</param>
    /// <param name="header">The login, as the engine takes it.</param>
    /// <exception cref="SwarmOpsException"><c>RegistryLoginRefused</c>, <c>RegistryNotAnswering</c>.</exception>
    public async Task CheckAsync(string image, string header)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(swarm.Context.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            await swarm
                .Manager.AskJsonAsync(
                    api =>
                        api.GetAsync(
                            $"/distribution/{image}/json",
                            limit.Token,
                            new Dictionary<string, string> { ["X-Registry-Auth"] = header }
                        ),
                    limit.Token
                )
                .ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException api)
        {
            var words = TransportErrors.MessageOf(api);
            throw IsRefusal(words) ? ServiceErrors.RegistryLoginRefused(image, words) : ServiceErrors.RegistryNotAnswering(image, words);
        }
        catch (OperationCanceledException) when (!swarm.Context.CancellationToken.IsCancellationRequested)
        {
            throw ServiceErrors.RegistryNotAnswering(image, $"no answer within {Limit.TotalSeconds:0} s");
        }
    }
}
