using System.Management.Automation;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SwarmOps.Services.Specification;

namespace SwarmOps.Services;

/// <summary>The credential for an image's registry, as the engine's header X-Registry-Auth takes it: base64url of a JSON document.</summary>
internal static class RegistryAuth
{
    /// <summary>From a credential.</summary>
    public static string From(PSCredential credential, string image)
    {
        var login = credential.GetNetworkCredential();
        return Encode(login.UserName, login.Password, ImageName.Registry(image));
    }

    /// <summary>From a Docker config file, as <c>docker login</c> writes it.</summary>
    /// <exception cref="SwarmOpsException"><c>DockerConfigNotReadable</c>, <c>DockerConfigHasNoCredential</c>.</exception>
    public static string FromFile(string path, string image)
    {
        JsonNode? config;
        try
        {
            config = JsonNode.Parse(File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ServiceErrors.DockerConfigNotReadable(path, exception.Message.TrimEnd('.'));
        }
        catch (JsonException)
        {
            throw ServiceErrors.DockerConfigNotReadable(path, "it is not JSON");
        }

        var registry = ImageName.Registry(image);
        var entry = (config as JsonObject)?["auths"]?[registry] ?? (config as JsonObject)?["auths"]?["https://" + registry];
        if (Decode((string?)entry?["auth"]) is not [var user, var password])
            throw ServiceErrors.DockerConfigHasNoCredential(path, registry);
        return Encode(user, password, registry);
    }

    private static string[]? Decode(string? text)
    {
        try
        {
            return string.IsNullOrEmpty(text) ? null : Encoding.UTF8.GetString(Convert.FromBase64String(text)).Split(':', 2);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string Encode(string user, string password, string registry)
    {
        var json = new JsonObject { ["username"] = user, ["password"] = password, ["serveraddress"] = registry }.ToJsonString();
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).Replace('+', '-').Replace('/', '_');
    }
}
