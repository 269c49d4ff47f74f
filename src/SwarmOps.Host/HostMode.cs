namespace SwarmOps.Host;

/// <summary>What the host was asked to do.</summary>
internal enum HostMode
{
    /// <summary>Run a script file with arguments.</summary>
    File,

    /// <summary>Run a command line.</summary>
    Command,

    /// <summary>Print the version.</summary>
    Version,

    /// <summary>Print the arguments.</summary>
    Help,
}
