namespace SwarmOps.Transport;

/// <summary>How the answer to a request is read.</summary>
internal enum EngineStreamKind
{
    /// <summary>At once, as a whole.</summary>
    None,

    /// <summary>As a stream that is expected to make progress.</summary>
    Moving,

    /// <summary>As a stream that may pause for any time and be read slowly, such as a log: on a connection of its own, while the engine is pinged from time to time.</summary>
    Quiet,

    /// <summary>As a stream of many gigabytes in either direction, such as an image: on a connection of its own, for as long as the cmdlet may take.</summary>
    Bulk,
}
