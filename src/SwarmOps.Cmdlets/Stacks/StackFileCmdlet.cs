using System.Collections;
using System.Management.Automation;
using System.Security;
using System.Text;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Registry;
using SwarmOps.Services.Stored;
using SwarmOps.Stacks.Reading;

namespace SwarmOps.Stacks;

/// <summary>Parameters of the cmdlets that take a stack from Compose files.</summary>
public abstract class StackFileCmdlet : NodeSetCmdlet
{
    /// <summary>The Compose files; later ones override earlier ones.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Name of the stack; by default the <c>name</c> of the file.</summary>
    [Parameter(Position = 2)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StackNameCompleter))]
    public string? Name { get; set; }

    /// <summary>Variables for the files, which win over those of the session and of .env files; a SecureString for what should not be in the session.</summary>
    [Parameter]
    public IDictionary? Variable { get; set; }

    /// <summary>Files of variables in place of <c>.env</c> in the project folder; later ones win.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] EnvironmentFile { get; set; } = [];

    /// <summary>Profiles whose services are part of the stack; <c>*</c> is all. By default those of <c>COMPOSE_PROFILES</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Profile { get; set; } = [];

    /// <summary>The folder that relative paths start from; by default that of the first file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ProjectDirectory { get; set; }

    /// <summary>Leaves out what a swarm cannot honour, with a warning each, in place of an error.</summary>
    [Parameter]
    public SwitchParameter AllowIgnored { get; set; }

    /// <summary>User name and password for the registry of the images; never sent to Docker Hub if the stack has images of another registry.</summary>
    [Parameter]
    [Credential]
    public PSCredential? RegistryCredential { get; set; }

    /// <summary>A Docker config file with the credentials for the registries, or with the names of the credential helpers that have them, such as <c>~/.docker/config.json</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DockerConfigPath { get; set; }

    /// <summary>Does not look up the images' digests in their registries.</summary>
    [Parameter]
    public SwitchParameter NoResolveImage { get; set; }

    /// <summary>The request.</summary>
    /// <param name="nodes">The node set.</param>
    /// <param name="options">How services are deployed, without what the parameters here say.</param>
    /// <exception cref="SwarmOpsException"><c>StackVariableInvalid</c>, <c>DockerConfigNotReadable</c>.</exception>
    private protected StackFileRequest Request(IReadOnlyList<SwarmNode> nodes, ServiceOptions options) =>
        new(
            nodes,
            new StackReadRequest([.. Path.Select(FullPath)])
            {
                Name = Name,
                ProjectDirectory = ProjectDirectory is { } folder ? FullPath(folder) : null,
                EnvironmentFiles = EnvironmentFile.Length > 0 ? [.. EnvironmentFile.Select(FullPath)] : null,
                Environment = Variables(),
                Profiles = Profile.Length > 0 ? Profile : null,
                AllowIgnored = AllowIgnored,
            }
        )
        {
            Options = options with
            {
                SkipImage = NoResolveImage,
                Registry = RegistryLogin.From(RegistryCredential, DockerConfigPath is { } path ? FullPath(path) : null),
                ThrottleLimit = ThrottleLimit,
            },
        };

    /// <summary>The variables of the session, and those of the parameter, which win.</summary>
    private Dictionary<string, string> Variables()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
            variables[(string)entry.Key] = (string?)entry.Value ?? "";
        foreach (DictionaryEntry entry in Variable ?? new Hashtable())
        {
            if (entry.Key is not string { Length: > 0 } name || Text(entry.Value) is not { } text)
                throw StackErrors.StackVariableInvalid(entry.Key.ToString() ?? "");
            variables[name] = text;
        }

        return variables;
    }

    private static string? Text(object? value) =>
        (value is PSObject wrapped ? wrapped.BaseObject : value) switch
        {
            SecureString secret => Plain(secret),
            string text => text,
            IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
            bool flag => flag ? "true" : "false",
            _ => null,
        };

    private static string Plain(SecureString secret)
    {
        var bytes = SecretBytes.From(secret);
        try
        {
            return Encoding.UTF8.GetString(bytes);
        }
        finally
        {
            Array.Clear(bytes);
        }
    }
}
