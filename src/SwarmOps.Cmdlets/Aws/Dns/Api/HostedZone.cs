namespace SwarmOps.Aws.Dns.Api;

/// <summary>A hosted zone.</summary>
/// <param name="Id">Its id, such as <c>Z1D633PJN98FT9</c>.</param>
/// <param name="Name">Its name, without the final dot.</param>
/// <param name="IsPrivate">Whether only networks of the account are answered.</param>
internal sealed record HostedZone(string Id, string Name, bool IsPrivate)
{
    /// <summary>Name and id.</summary>
    public override string ToString() => $"the zone '{Name}' ({Id})";
}
