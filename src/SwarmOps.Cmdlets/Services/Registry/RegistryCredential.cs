using System.Text;
using System.Text.Json.Nodes;

namespace SwarmOps.Services.Registry;

/// <summary>What a registry wants to know of who asks it.</summary>
/// <param name="Registry">The registry.</param>
/// <param name="User">User name.</param>
/// <param name="Password">Password.</param>
/// <param name="IdentityToken">A token of the registry's own login, in place of both.</param>
internal sealed record RegistryCredential(string Registry, string? User, string? Password, string? IdentityToken)
{
    /// <summary>As the engine takes it: base64url of a JSON document, padding included (Docker Engine API, "Authentication").</summary>
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

    /// <summary>Without what is secret: a record would print all.</summary>
    public override string ToString() => $"credential for {Registry}";
}
