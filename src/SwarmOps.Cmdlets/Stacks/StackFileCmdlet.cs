using System.Collections;
using System.Management.Automation;
using System.Security;
using System.Text;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Registry;
using SwarmOps.Services.Stored;
using SwarmOps.Stacks.Planning;
using SwarmOps.Stacks.Reading;

namespace SwarmOps.Stacks;

/// <summary>
/// The base of the cmdlets that take a stack from Compose files, for the nodes of a swarm or for an overlay network, which knows them and is the stack's network: therefore not
/// a <see cref="NodeSetCmdlet"/>.
/// </summary>
public abstract class StackFileCmdlet : ThrottledCmdlet
{
    private protected const string ByNode = "ByNode";
    private protected const string ByOverlay = "ByOverlay";

    private readonly List<SwarmNode> nodes = [];
    private readonly StackFacts facts = new();
    private EarlyConnections? connections;
    private string? overlay;

    /// <summary>The nodes, from <c>New-SwarmNode</c> or an earlier cmdlet of the pipeline.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByNode)]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Node { get; set; } = [];

    /// <summary>The overlay network that is the stack's network <c>default</c>, from <c>New-EncryptedOverlay</c> or <c>Get-SwarmOverlay</c>; its nodes are the node set.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByOverlay)]
    [ValidateNotNull]
    public SwarmOverlay InputObject { get; set; } = new();

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
    [ArgumentCompleter(typeof(StackProfileCompleter))]
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

    /// <summary>Processes the whole node set.</summary>
    private protected abstract Task RunAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes);

    /// <inheritdoc/>
    private protected sealed override Task ProcessAsync(IOperationContext context)
    {
        var given = ParameterSetName == ByOverlay ? InputObject.Nodes : Node;
        if (ParameterSetName == ByOverlay)
        {
            if (overlay is not null && overlay != InputObject.Name)
                throw StackErrors.StackOverlaysSeveral(overlay, InputObject.Name);
            overlay = InputObject.Name;
        }

        nodes.AddRange(given);
        connections ??= new EarlyConnections(ThrottleLimit);
        foreach (var node in given)
            connections.Begin(context, node);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    private protected sealed override Task EndAsync(IOperationContext context)
    {
        if (nodes.Count == 0)
            return Task.CompletedTask;
        NodeSet.Check(nodes);
        return RunAsync(context, nodes);
    }

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
                DefaultNetwork = overlay,
            }
        )
        {
            Facts = facts,
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
