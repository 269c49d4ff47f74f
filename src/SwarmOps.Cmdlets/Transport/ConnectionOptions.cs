namespace SwarmOps.Transport;

/// <summary>How a cmdlet connects to its nodes.</summary>
/// <param name="Credential">Credentials passed to the cmdlet; they take precedence over the node's own.</param>
/// <param name="ConnectTimeout">Time limit for opening one connection.</param>
internal sealed record ConnectionOptions(NodeCredential? Credential, TimeSpan ConnectTimeout);
