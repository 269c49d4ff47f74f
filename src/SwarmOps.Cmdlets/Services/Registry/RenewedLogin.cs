namespace SwarmOps.Services.Registry;

/// <summary>A login for one registry.</summary>
/// <param name="Header">As the engine takes it.</param>
/// <param name="ExpiresAt">When it expires, UTC; null when that is not known.</param>
internal sealed record RenewedLogin(string Header, DateTime? ExpiresAt)
{
    /// <summary>Omits the secret, which a record would print.</summary>
    public override string ToString() => $"login until {ExpiresAt:u}";
}
