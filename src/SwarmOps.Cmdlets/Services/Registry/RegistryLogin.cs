using System.Management.Automation;
using SwarmOps.Services.Specification;

namespace SwarmOps.Services.Registry;

/// <summary>The source of the credential for an image's registry; the image determines the registry.</summary>
internal sealed class RegistryLogin
{
    private readonly Func<string, CancellationToken, Task<RegistryCredential>> find;

    private RegistryLogin(Func<string, CancellationToken, Task<RegistryCredential>> find) => this.find = find;

    /// <summary>Whether it is one user name and password, and not a file with those of several registries.</summary>
    public bool IsOneCredential { get; private init; }

    /// <summary>From a cmdlet's parameters: a credential, or else a file; null for neither.</summary>
    /// <exception cref="SwarmOpsException"><c>DockerConfigNotReadable</c>.</exception>
    public static RegistryLogin? From(PSCredential? credential, string? path) =>
        credential is not null ? Of(credential)
        : path is not null ? OfFile(path)
        : null;

    /// <summary>A user name and a password for the image's registry.</summary>
    public static RegistryLogin Of(PSCredential credential)
    {
        var login = credential.GetNetworkCredential();
        return new RegistryLogin((registry, _) => Task.FromResult(new RegistryCredential(registry, login.UserName, login.Password, null)))
        {
            IsOneCredential = true,
        };
    }

    /// <summary>A Docker config file, as <c>docker login</c> writes it.</summary>
    /// <exception cref="SwarmOpsException"><c>DockerConfigNotReadable</c>.</exception>
    public static RegistryLogin OfFile(string path) => new(DockerConfigFile.Read(path).FindAsync);

    /// <summary>The value of the engine's header X-Registry-Auth for an image.</summary>
    /// <exception cref="SwarmOpsException"><c>DockerConfigHasNoCredential</c>, <c>CredentialHelperFailed</c>.</exception>
    public async Task<string> HeaderAsync(string image, CancellationToken cancellationToken) =>
        (await find(ImageName.Registry(image), cancellationToken).ConfigureAwait(false)).Header;
}
