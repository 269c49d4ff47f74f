using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SwarmOps.Services.Registry;

/// <summary>A Docker config file: it contains credentials, or names the credential helper that stores them.</summary>
/// <param name="path">Its path, for errors.</param>
/// <param name="root">Its content.</param>
internal sealed class DockerConfigFile(string path, JsonObject root)
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="SwarmOpsException"><c>DockerConfigNotReadable</c>.</exception>
    public static DockerConfigFile Read(string path)
    {
        try
        {
            return new DockerConfigFile(
                path,
                JsonNode.Parse(File.ReadAllText(path)) as JsonObject
                    ?? throw ServiceErrors.DockerConfigNotReadable(path, "it is not a JSON object")
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ServiceErrors.DockerConfigNotReadable(path, exception.Message.TrimEnd('.'));
        }
        catch (JsonException)
        {
            throw ServiceErrors.DockerConfigNotReadable(path, "it is not JSON");
        }
    }

    /// <summary>The credential for a registry: from the registry's own helper, else the general credential store, else the file itself, as in the docker CLI.</summary>
    /// <exception cref="SwarmOpsException"><c>DockerConfigHasNoCredential</c>, <c>CredentialHelperFailed</c>.</exception>
    public async Task<RegistryCredential> FindAsync(string registry, CancellationToken cancellationToken)
    {
        var helper = Text(Section("credHelpers")?[registry]) ?? Text(root["credsStore"]);
        var credential = helper is null ? null : await CredentialHelper.GetAsync(helper, registry, cancellationToken).ConfigureAwait(false);
        return credential ?? FromFile(registry) ?? throw ServiceErrors.DockerConfigHasNoCredential(path, registry);
    }

    private RegistryCredential? FromFile(string registry)
    {
        var entries = Section("auths");
        var entry = entries?[registry] ?? entries?.FirstOrDefault(candidate => HostOf(candidate.Key) == HostOf(registry)).Value;
        if (entry is not JsonObject login)
            return null;
        var (user, password) = Decode(Text(login["auth"])) is [var name, var secret]
            ? (name, secret)
            : (Text(login["username"]), Text(login["password"]));
        var token = Text(login["identitytoken"]);
        return token is null && (user is null || password is null)
            ? null
            : new RegistryCredential(registry, user, token is null ? password : null, token);
    }

    private JsonObject? Section(string name) => root[name] as JsonObject;

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    /// <summary>Old files identify a registry by its URL.</summary>
    private static string HostOf(string registry)
    {
        var start = registry.IndexOf("://", StringComparison.Ordinal);
        return (start < 0 ? registry : registry[(start + 3)..]).Split('/')[0];
    }

    private static string[]? Decode(string? text)
    {
        try
        {
            return text is null ? null : Encoding.UTF8.GetString(Convert.FromBase64String(text)).TrimEnd('\0').Split(':', 2);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
