using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Nodes;

/// <summary>Creates nodes from descriptions: checks every field, resolves names, derives missing values. Connects to no node.</summary>
/// <param name="context">Receives warnings.</param>
/// <param name="resolve">Resolves a name in DNS.</param>
/// <param name="resolveTimeout">Time limit for one name.</param>
internal sealed partial class NodeFactory(
    IOperationContext context,
    Func<string, CancellationToken, Task<IPAddress[]>> resolve,
    TimeSpan resolveTimeout
)
{
    private const string DefaultUser = "root";
    private const int SshPort = 22;

    /// <summary>The files that the docker CLI expects in DOCKER_CERT_PATH.</summary>
    private static readonly string[] CertificateFiles = ["ca.pem", "cert.pem", "key.pem"];

    /// <summary>Creates a node.</summary>
    /// <exception cref="SwarmOpsException">Any of <see cref="NodeErrors"/>; <c>DockerHostInvalid</c>, <c>SshKeyNotFound</c>.</exception>
    public async Task<SwarmNode> CreateAsync(NodeDescription written)
    {
        var given = written.Trimmed();
        var endpoint = given.DockerHost is { } dockerHost ? EngineEndpoint.Parse(dockerHost, given.Name) : null;
        var host = endpoint?.Host is { Length: > 0 } named ? named : given.PublicAddress ?? given.AdvertiseAddress ?? given.PrivateAddress;
        if (endpoint is null && host is null)
            throw NodeErrors.NodeAddressMissing(given.Name);

        var name = CheckName(given.Name ?? host?.Trim('[', ']') ?? "localhost");
        CheckTexts(name, given);
        var port = Port(name, given.Port);
        CheckFiles(name, given, endpoint);
        var publicAddress = await AddressAsync(name, nameof(SwarmNode.PublicAddress), given.PublicAddress).ConfigureAwait(false);
        var privateAddress = PrivateAddress(name, given.PrivateAddress);
        var advertiseAddress = await AddressAsync(name, nameof(SwarmNode.AdvertiseAddress), given.AdvertiseAddress).ConfigureAwait(false);
        if (endpoint is not null)
            WarnOfUnused(name, given.User, port, endpoint);

        return new SwarmNode
        {
            Name = name,
            Region = given.Region,
            Zone = given.Zone,
            PublicAddress = publicAddress,
            PrivateAddress = privateAddress,
            AdvertiseAddress =
                advertiseAddress ?? publicAddress ?? privateAddress ?? await AddressOfEndpointAsync(endpoint).ConfigureAwait(false),
            DockerHost = given.DockerHost ?? SshEndpoint(given, host!, port),
            KeyFilePath = given.KeyFilePath,
            HostKeyFingerprint = given.HostKeyFingerprint?.TrimEnd('='),
            KnownHostsPath = given.KnownHostsPath,
            HostKeyPolicy = Policy(name, given.HostKeyPolicy),
            CertificatePath = given.CertificatePath,
            InstanceId = given.InstanceId,
            Credential = given.Credential,
        };
    }

    private static string SshEndpoint(NodeDescription given, string host, int? port)
    {
        var user = given.User ?? given.Credential?.Password?.UserName ?? DefaultUser;
        var suffix = port is null or SshPort ? "" : $":{port}";
        return $"ssh://{Uri.EscapeDataString(user)}@{NodeAddress.ForUri(host)}{suffix}";
    }

    private static string CheckName(string name)
    {
        if (name.Length > NodeAddress.MaxNameLength)
            throw NodeErrors.NodeNameInvalid(name, $"it has {name.Length} characters");
        if (name.Any(char.IsControl))
            throw NodeErrors.NodeNameInvalid(name, "it contains a control character");
        return name.AsSpan().ContainsAny("*?[]") ? throw NodeErrors.NodeNameInvalid(name, "it contains a wildcard (* ? [ ])") : name;
    }

    private static void CheckTexts(string name, NodeDescription given)
    {
        if (!IsLabel(given.Region))
            throw NodeErrors.RegionInvalid(name);
        if (!IsLabel(given.Zone))
            throw NodeErrors.ZoneInvalid(name);
        if (given.User is { } user && !LoginName().IsMatch(user))
            throw NodeErrors.UserInvalid(name, user);
        if (given.HostKeyFingerprint is { } fingerprint && !Sha256Fingerprint().IsMatch(fingerprint))
            throw NodeErrors.HostKeyFingerprintInvalid(name, fingerprint);
    }

    private static int? Port(string name, string? text)
    {
        if (text is null)
            return null;
        return PortNumber.TryParse(text) ?? throw NodeErrors.SshPortInvalid(name, text);
    }

    /// <summary>By name, or by number as ConvertTo-Json writes it.</summary>
    private static HostKeyPolicy Policy(string name, string? text)
    {
        if (text is null)
            return HostKeyPolicy.Strict;
        return Enum.TryParse<HostKeyPolicy>(text, ignoreCase: true, out var policy) && Enum.IsDefined(policy)
            ? policy
            : throw NodeErrors.HostKeyPolicyInvalid(name, text);
    }

    private static bool IsLabel(string? text) => text is null || (text.Length <= NodeAddress.MaxNameLength && !text.Any(char.IsControl));

    private static void CheckFiles(string name, NodeDescription given, EngineEndpoint? endpoint)
    {
        // A key from a vault takes precedence over the file, which may exist only on the machine of the inventory's author.
        if (given.KeyFilePath is { } key && given.Credential?.PrivateKey is null)
            CheckKeyFile(name, key);
        if (given.KnownHostsPath is { } knownHosts && Directory.Exists(knownHosts))
            throw NodeErrors.KnownHostsPathInvalid(name, knownHosts);
        if (given.CertificatePath is { } folder && endpoint?.Kind == EngineEndpointKind.Tcp)
        {
            if (CertificateFiles.FirstOrDefault(file => !File.Exists(Path.Combine(folder, file))) is { } missing)
                throw NodeErrors.CertificatePathNotFound(name, folder, missing);
        }
    }

    private static void CheckKeyFile(string name, string path)
    {
        if (!File.Exists(path))
            throw TransportErrors.SshKeyNotFound(new SwarmNode { Name = name, KeyFilePath = path }, path);
        try
        {
            using var reader = File.OpenText(path);
            if (reader.ReadLine() is { } first && PublicKey().IsMatch(first))
                throw NodeErrors.KeyFileIsPublicKey(name, path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw NodeErrors.PathInvalid(nameof(SwarmNode.KeyFilePath), path, exception);
        }
    }

    /// <summary>A private name resolves differently in every network: only an address is accepted.</summary>
    private static string? PrivateAddress(string node, string? text)
    {
        if (text is null)
            return null;
        var address =
            NodeAddress.TryParse(text)
            ?? throw NodeErrors.AddressInvalid(node, nameof(SwarmNode.PrivateAddress), text, "it is not an IPv4 or IPv6 address");
        return Usable(node, nameof(SwarmNode.PrivateAddress), text, address).ToString();
    }

    private static IPAddress Usable(string node, string parameter, string text, IPAddress address) =>
        NodeAddress.Classify(address) is var kind && kind == AddressKind.Usable
            ? address
            : throw NodeErrors.AddressNotUsable(node, parameter, text, address, kind);

    private static string WhyNotAnAddress(string text) =>
        text switch
        {
            _ when text.Contains("://", StringComparison.Ordinal) => "it is a URI; specify it with -DockerHost",
            _ when text.Contains('@', StringComparison.Ordinal) => "it contains a user; specify it with -User",
            _ when text.Contains('/', StringComparison.Ordinal) => "it is a subnet",
            _ when text.Contains(':', StringComparison.Ordinal) => "it is not an IPv6 address; specify a port with -Port",
            _ => "it is neither an address nor a host name",
        };

    private async Task<string?> AddressAsync(string node, string parameter, string? text)
    {
        if (text is null)
            return null;
        if (NodeAddress.TryParse(text) is { } literal)
            return Usable(node, parameter, text, literal).ToString();
        if (!NodeAddress.IsHostName(text))
            throw NodeErrors.AddressInvalid(node, parameter, text, WhyNotAnAddress(text));
        return (await ResolveAsync(node, parameter, text).ConfigureAwait(false)).ToString();
    }

    private async Task<IPAddress> ResolveAsync(string node, string parameter, string name)
    {
        var found = NodeAddress.InOrder(await LookUpAsync(node, parameter, name).ConfigureAwait(false));
        if (found.Count == 0)
            throw NodeErrors.AddressNotResolvable(node, parameter, name, null);
        var usable = found.Where(address => NodeAddress.Classify(address) == AddressKind.Usable).ToList();
        if (usable.Count == 0)
            throw NodeErrors.AddressNotUsable(node, parameter, name, found[0], NodeAddress.Classify(found[0]));
        if (usable.Count > 1)
            context.WriteWarning(
                $"The {parameter} '{name}' of '{node}' has {usable.Count} addresses ({string.Join(", ", usable)}): {usable[0]} is used (IPv4 first, then the lowest). To use another, specify the address."
            );
        return usable[0];
    }

    private async Task<IPAddress[]> LookUpAsync(string node, string parameter, string name)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        timeout.CancelAfter(resolveTimeout);
        try
        {
            return await resolve(name, timeout.Token).WaitAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (SocketException exception)
        {
            throw NodeErrors.AddressNotResolvable(node, parameter, name, exception);
        }
        catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
        {
            throw NodeErrors.AddressResolutionTimedOut(node, parameter, name, resolveTimeout);
        }
    }

    /// <summary>The advertise address derived from the endpoint's host, when nothing else specifies it. Failure to resolve it (a tunnel, an alias of an SSH configuration) is not an error.</summary>
    private async Task<string?> AddressOfEndpointAsync(EngineEndpoint? endpoint)
    {
        if (endpoint is null || endpoint.Host.Length == 0 || endpoint.Kind == EngineEndpointKind.Pipe)
            return null;
        try
        {
            return await AddressAsync(endpoint.Host, nameof(SwarmNode.DockerHost), endpoint.Host).ConfigureAwait(false);
        }
        catch (SwarmOpsException exception)
        {
            context.WriteVerbose($"No advertise address could be derived from the endpoint: {exception.Message}");
            return null;
        }
    }

    private void WarnOfUnused(string name, string? user, int? port, EngineEndpoint endpoint)
    {
        if (user is not null && endpoint.User is { } used && user != used)
            context.WriteWarning($"The DockerHost of '{name}' contains the user '{used}': -User '{user}' is ignored.");
        if (port is not null && endpoint.Kind == EngineEndpointKind.Ssh && port != endpoint.Port)
            context.WriteWarning($"The DockerHost of '{name}' contains the port {endpoint.Port}: -Port {port} is ignored.");
    }

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.\-\\]*\$?$")]
    private static partial Regex LoginName();

    /// <summary>32 bytes are 43 characters of unpadded base64, the last of which carries four bits.</summary>
    [GeneratedRegex("^SHA256:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=?$")]
    private static partial Regex Sha256Fingerprint();

    [GeneratedRegex("^(?:ssh-|ecdsa-|sk-ssh-|sk-ecdsa-|-----BEGIN PUBLIC KEY|---- BEGIN SSH2 PUBLIC KEY)")]
    private static partial Regex PublicKey();
}
