namespace Renci.SshNet;

/// <summary>Has the name of SSH.NET's class and nothing of what it can do.</summary>
public sealed class SshClient { }
