namespace SwarmOps.Recovery.Restoring;

/// <summary>What a run has done already when it reads the nodes again.</summary>
internal sealed class RestoreProgress
{
    /// <summary>Whether this run has made the first manager.</summary>
    public bool IsRestored { get; set; }
}
