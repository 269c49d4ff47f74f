namespace SwarmOps.Galera;

/// <summary>Owner and mode of a data directory.</summary>
/// <param name="Owner">Owner, as <c>chown</c> takes it.</param>
/// <param name="Mode">Mode, as <c>chmod</c> takes it.</param>
internal sealed record DataAccess(string Owner, string Mode)
{
    /// <summary>The default: user and group mysql of the official image.</summary>
    public const string DefaultOwner = "999:999",
        DefaultMode = "0750";
}
