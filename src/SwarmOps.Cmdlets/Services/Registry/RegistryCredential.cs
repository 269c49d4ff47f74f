using System.Text;
using System.Text.Json.Nodes;

namespace SwarmOps.Services.Registry;

/// <summary>A credential for a registry.</summary>
/// <param name="Registry">The registry.</param>
/// <param name="User">User name.</param>
/// <param name="Password">Password.</param>
/// <param name="IdentityToken">An identity token of the registry, used instead of user name and password.</param>
internal sealed record RegistryCredential(string Registry, string? User, string? Password, string? IdentityToken)
{
    /// <summary>In the engine's format: base64url of a JSON document, padding included (Docker Engine API, "Authentication").</summary>
    public string Header
    {
        get
        {
            var document = new JsonObject { ["serveraddress"] = Registry };
            foreach (var (name, value) in new[] { ("username", User), ("password", Password), ("identitytoken", IdentityToken) })
            {
                if (!string.IsNullOrEmpty(value))
                    document[name] = value;
            }

            return Convert.ToBase64String(Encoding.UTF8.GetBytes(document.ToJsonString())).Replace('+', '-').Replace('/', '_');
        }
    }

    /// <summary>Omits the secrets, which a record would print.</summary>
    public override string ToString() => $"credential for {Registry}";
}
