namespace SwarmOps.Aws.Registry;

/// <summary>A token of Amazon ECR, which is the password of the user AWS.</summary>
/// <param name="User">The user.</param>
/// <param name="Password">The token.</param>
/// <param name="ExpiresAt">When it expires, UTC: twelve hours after it was made.</param>
internal sealed record EcrToken(string User, string Password, DateTime ExpiresAt)
{
    /// <summary>Omits the secret, which a record would print.</summary>
    public override string ToString() => $"token until {ExpiresAt:u}";
}
