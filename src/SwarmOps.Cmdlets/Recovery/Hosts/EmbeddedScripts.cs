using SwarmOps.Transport;

namespace SwarmOps.Recovery.Hosts;

/// <summary>The scripts for hosts.</summary>
internal static class EmbeddedScripts
{
    /// <summary>Holds the engine while a step runs.</summary>
    public static string EngineJob { get; } = EmbeddedText.Read("EngineJob.sh");

    /// <summary>Copies the swarm directory.</summary>
    public static string CopyState { get; } = EmbeddedText.Read("CopyState.sh");

    /// <summary>Puts a swarm directory in the place of the present one.</summary>
    public static string PlaceState { get; } = EmbeddedText.Read("PlaceState.sh");

    /// <summary>Tries a copied state in a scratch engine.</summary>
    public static string TrialEngine { get; } = EmbeddedText.Read("TrialEngine.sh");
}
