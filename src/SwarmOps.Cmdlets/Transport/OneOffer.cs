using Renci.SshNet;

namespace SwarmOps.Transport;

/// <summary>
/// Offers a password once, by whichever of SSH's two password methods the server accepts: trying both would count a wrong password twice, and accounts are locked after few attempts.
/// </summary>
/// <param name="user">The user.</param>
/// <param name="inner">One of the two methods.</param>
/// <param name="offered">Whether the password has been sent; shared by the two.</param>
internal sealed class OneOffer(string user, AuthenticationMethod inner, System.Runtime.CompilerServices.StrongBox<bool> offered)
    : AuthenticationMethod(user)
{
    /// <inheritdoc/>
    public override string Name => inner.Name;

    /// <inheritdoc/>
    public override AuthenticationResult Authenticate(Session session)
    {
        if (offered.Value)
            return AuthenticationResult.Failure;
        offered.Value = true;
        var result = inner.Authenticate(session);
        AllowedAuthentications = inner.AllowedAuthentications;
        return result;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
