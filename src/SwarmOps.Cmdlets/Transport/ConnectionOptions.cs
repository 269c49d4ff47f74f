namespace SwarmOps.Transport;

/// <summary>How a stage wants its nodes opened.</summary>
/// <param name="Credential">Secrets given to the stage itself; they win over the node's own.</param>
/// <param name="ConnectTimeout">How long opening one connection may take.</param>
internal sealed record ConnectionOptions(NodeCredential? Credential, TimeSpan ConnectTimeout);
