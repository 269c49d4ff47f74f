namespace SwarmOps.Nodes.Installation;

/// <summary>Where an engine is installed from.</summary>
public enum EngineSource
{
    /// <summary>The distribution's own package, docker.io.</summary>
    Distribution,

    /// <summary>Docker's apt repository, docker-ce.</summary>
    DockerCE,
}
