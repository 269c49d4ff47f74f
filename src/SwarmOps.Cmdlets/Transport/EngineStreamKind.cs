namespace SwarmOps.Transport;

/// <summary>How the answer to a request is read.</summary>
internal enum EngineStreamKind
{
    /// <summary>At once, whole.</summary>
    None,

    /// <summary>As it comes; it ought to move.</summary>
    Moving,

    /// <summary>As it comes, however long nothing does and however slowly it is read, such as a log: on a connection of its own, and asked now and then whether it still lives.</summary>
    Quiet,
}
