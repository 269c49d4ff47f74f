using SwarmOps.Services;
using SwarmOps.Services.Registry;
using SwarmOps.Services.Specification;

namespace SwarmOps.Stacks.Planning;

/// <summary>Which credential goes to which registry: one user name and password never goes to a registry that it may not be for.</summary>
internal sealed class StackLogins
{
    private readonly RegistryLogin? login;
    private readonly string? only;

    /// <summary>The credentials for the images of a stack.</summary>
    /// <exception cref="SwarmOpsException"><c>StackRegistriesSeveral</c>.</exception>
    public StackLogins(RegistryLogin? login, IEnumerable<string> images)
    {
        this.login = login;
        if (login is not { IsOneCredential: true })
            return;
        var hub = ImageName.Registry("image");
        var others = images.Select(ImageName.Registry).Where(registry => registry != hub).Distinct().Order(StringComparer.Ordinal).ToList();
        only = others.Count switch
        {
            0 => hub,
            1 => others[0],
            _ => throw StackErrors.StackRegistriesSeveral(others),
        };
    }

    /// <summary>The credential for an image's registry, in the engine's format; null for none.</summary>
    /// <exception cref="SwarmOpsException"><c>CredentialHelperFailed</c>.</exception>
    public async Task<string?> HeaderAsync(string image, CancellationToken cancellationToken)
    {
        if (login is null || (only is not null && ImageName.Registry(image) != only))
            return null;
        try
        {
            return await login.HeaderAsync(image, cancellationToken).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.ErrorId == nameof(ServiceErrors.DockerConfigHasNoCredential))
        {
            // The file has those of some registries; images of the others are public.
            return null;
        }
    }

    /// <summary>The source of the credential for an image's registry, for an operation that looks it up itself; null for none.</summary>
    /// <exception cref="SwarmOpsException"><c>CredentialHelperFailed</c>.</exception>
    public async Task<RegistryLogin?> ForAsync(string image, CancellationToken cancellationToken) =>
        await HeaderAsync(image, cancellationToken).ConfigureAwait(false) is null ? null : login;
}
