using System.Collections.Concurrent;
using System.Management.Automation;
using SwarmOps.Aws.Api;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Registry;
using SwarmOps.Services.Specification;

namespace SwarmOps.Aws.Registry;

/// <summary>Renews the registry logins that the swarm keeps with its services, before they expire.</summary>
[Cmdlet(VerbsData.Update, "SwarmRegistryCredential", SupportsShouldProcess = true, DefaultParameterSetName = ByCredential)]
[OutputType(typeof(SwarmRegistryCredential))]
public sealed class UpdateSwarmRegistryCredentialCommand : AwsAccountCmdlet
{
    private const string ByCredential = "Credential";

    private const string ByFile = "File";

    private const string ByEcr = "Ecr";

    private readonly List<SwarmNode> nodes = [];

    /// <summary>Nodes of the swarm.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Node { get; set; } = [];

    /// <summary>Names of services, with wildcards; by default all.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string[] Service { get; set; } = [];

    /// <summary>Names of registries, with wildcards; <c>docker.io</c> for Docker Hub; by default all.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Registry { get; set; } = [];

    /// <summary>User name and password for one registry.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByCredential)]
    [Credential]
    public PSCredential? RegistryCredential { get; set; }

    /// <summary>A Docker config file with the logins of registries, as <c>docker login</c> writes it, or the names of credential helpers.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByFile)]
    [ValidateNotNullOrEmpty]
    public string? DockerConfigPath { get; set; }

    /// <summary>Gets tokens for private registries of Amazon ECR.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByEcr)]
    public SwitchParameter Ecr { get; set; }

    /// <summary>How long to wait, in seconds, while someone else holds the swarm's lock; 0 does not wait for a holder that is known to be active.</summary>
    [Parameter]
    [ValidateRange(0, LockSettings.LongestWaitSeconds)]
    public int WaitForLock { get; set; } = LockSettings.DefaultWaitSeconds;

    /// <inheritdoc/>
    private protected override Task ProcessAsync(IOperationContext context)
    {
        nodes.AddRange(Node);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    private protected override async Task EndAsync(IOperationContext context)
    {
        if (nodes.Count == 0)
            return;
        NodeSet.Check(nodes);
        if (!Ecr)
        {
            var login = RegistryLogin.From(RegistryCredential, DockerConfigPath is null ? null : FullPath(DockerConfigPath))!;
            await RunAsync(context, (image, token) => FromLoginAsync(login, image, token)).ConfigureAwait(false);
            return;
        }

        var credentials = await CredentialsAsync(context).ConfigureAwait(false);
        var calls = new AwsCallLog();
        var client = new EcrClient(Settings, credentials.Value, calls);
        // The work starts over when it has the lock; a region's token is for all its registries.
        var tokens = new ConcurrentDictionary<string, EcrToken>(StringComparer.Ordinal);
        try
        {
            await RunAsync(context, (image, token) => FromEcrAsync(client, tokens, image, token)).ConfigureAwait(false);
        }
        finally
        {
            Tell(context, calls);
        }
    }

    private Task RunAsync(IOperationContext context, Func<string, CancellationToken, Task<RenewedLogin?>> find) =>
        ChangeScope.RunAsync(
            context,
            LockSettings.Of(this, WaitForLock),
            scope =>
                new UpdateCredentialOperation(
                    scope,
                    new UpdateCredentialRequest(nodes, find)
                    {
                        Services = NameFilters.From(Service),
                        Registries = NameFilters.From(Registry),
                        IsOneLogin = RegistryCredential is not null,
                        ThrottleLimit = ThrottleLimit,
                    }
                ).RunAsync()
        );

    private static async Task<RenewedLogin?> FromLoginAsync(RegistryLogin login, string image, CancellationToken cancellationToken)
    {
        try
        {
            return new RenewedLogin(await login.HeaderAsync(image, cancellationToken).ConfigureAwait(false), null);
        }
        catch (SwarmOpsException error) when (error.ErrorId == nameof(ServiceErrors.DockerConfigHasNoCredential))
        {
            // The file has those of some registries; images of the others are public, or somebody else's.
            return null;
        }
    }

    private static async Task<RenewedLogin?> FromEcrAsync(
        EcrClient client,
        ConcurrentDictionary<string, EcrToken> tokens,
        string image,
        CancellationToken cancellationToken
    )
    {
        var registry = ImageName.Registry(image);
        if (EcrHost.Parse(registry) is not { } host)
            return null;
        if (!tokens.TryGetValue(host.Api, out var token))
            tokens[host.Api] = token = await client.TokenAsync(host, cancellationToken).ConfigureAwait(false);
        return new RenewedLogin(
            new Services.Registry.RegistryCredential(registry, token.User, token.Password, null).Header,
            token.ExpiresAt
        );
    }
}
