using Docker.DotNet;

namespace SwarmOps.Transport;

/// <summary>An open engine: typed client and JSON client over the same connections and API version.</summary>
/// <param name="Client">The typed client; owns the connections.</param>
/// <param name="Api">The engine's API as JSON.</param>
internal sealed record OpenEngine(IDockerClient Client, EngineApi Api) : IDisposable
{
    /// <summary>Where its opening stands in the critical path of the cmdlet that opened it.</summary>
    public CallChain.Mark Opening { get; } = CallChain.Mark.Here();

    /// <inheritdoc/>
    public void Dispose()
    {
        Api.Dispose();
        Client.Dispose();
    }
}
