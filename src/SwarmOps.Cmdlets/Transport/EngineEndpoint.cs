namespace SwarmOps.Transport;

/// <summary>How an engine is reached.</summary>
internal enum EngineEndpointKind
{
    /// <summary>Over SSH, by a relay to the engine's socket.</summary>
    Ssh,

    /// <summary>Over TCP, with TLS unless the port is a plain one.</summary>
    Tcp,

    /// <summary>A Unix socket of this machine.</summary>
    Unix,

    /// <summary>A named pipe of this (Windows) machine.</summary>
    Pipe,
}

/// <summary>An endpoint in the form of <c>DOCKER_HOST</c>, parsed.</summary>
/// <param name="Kind">How the engine is reached.</param>
/// <param name="Host">Host name or address without brackets; empty for a socket or pipe.</param>
/// <param name="Port">TCP port; 0 for a socket or pipe.</param>
/// <param name="User">SSH user; null when the endpoint names none.</param>
/// <param name="Path">Path of the socket, or name of the pipe.</param>
internal sealed record EngineEndpoint(EngineEndpointKind Kind, string Host, int Port, string? User, string Path)
{
    private const string SocketPrefix = "unix://";
    private const string PipePrefix = "npipe://";
    private const int SshPort = 22;
    private const int TlsPort = 2376;

    /// <summary>Parses an endpoint.</summary>
    /// <param name="dockerHost"><c>ssh://user@host:port</c>, <c>unix:///path</c>, <c>npipe:////./pipe/name</c> or <c>tcp://host:port</c>.</param>
    /// <param name="target">The target object of errors.</param>
    /// <exception cref="SwarmOpsException"><c>DockerHostInvalid</c>.</exception>
    public static EngineEndpoint Parse(string dockerHost, object? target = null)
    {
        if (dockerHost.StartsWith(SocketPrefix, StringComparison.OrdinalIgnoreCase))
            return ParseSocket(dockerHost, target);
        if (dockerHost.StartsWith(PipePrefix, StringComparison.OrdinalIgnoreCase))
            return ParsePipe(dockerHost, target);
        if (!Uri.TryCreate(dockerHost, UriKind.Absolute, out var uri))
            throw TransportErrors.DockerHostInvalid(dockerHost, "it is not a URI", target);
        return uri.Scheme switch
        {
            "ssh" => ParseSsh(dockerHost, uri, target),
            "tcp" => ParseTcp(dockerHost, uri, target),
            _ => throw TransportErrors.DockerHostInvalid(dockerHost, $"the scheme '{uri.Scheme}' is not ssh, tcp, unix or npipe", target),
        };
    }

    private static EngineEndpoint ParseSsh(string text, Uri uri, object? target)
    {
        if (uri.UserInfo.Contains(':', StringComparison.Ordinal))
            throw TransportErrors.DockerHostInvalid(
                $"ssh://...@{uri.Host}",
                "it contains a password; pass passwords with -Credential",
                target
            );
        RefuseMore(text, uri, target);
        var user = uri.UserInfo.Length > 0 ? Uri.UnescapeDataString(uri.UserInfo) : null;
        return new EngineEndpoint(EngineEndpointKind.Ssh, RequireHost(text, uri, target), PortOf(text, uri, SshPort, target), user, "");
    }

    private static EngineEndpoint ParseTcp(string text, Uri uri, object? target)
    {
        if (uri.UserInfo.Length > 0)
            throw TransportErrors.DockerHostInvalid($"tcp://...@{uri.Host}", "a tcp:// endpoint cannot have a user", target);
        RefuseMore(text, uri, target);
        return new EngineEndpoint(EngineEndpointKind.Tcp, RequireHost(text, uri, target), PortOf(text, uri, TlsPort, target), null, "");
    }

    private static EngineEndpoint ParseSocket(string text, object? target)
    {
        var path = text[SocketPrefix.Length..];
        return path.StartsWith('/') && path.Length > 1
            ? new EngineEndpoint(EngineEndpointKind.Unix, "", 0, null, path)
            : throw TransportErrors.DockerHostInvalid(text, "the path of the socket is not absolute (three slashes)", target);
    }

    /// <summary>Docker writes <c>npipe:////./pipe/name</c>; the form with two slashes fewer is accepted too.</summary>
    private static EngineEndpoint ParsePipe(string text, object? target)
    {
        var parts = text[PipePrefix.Length..].Replace('\\', '/').TrimStart('/').Split('/');
        return parts is [{ Length: > 0 } server, var pipe, { Length: > 0 } name] && pipe.Equals("pipe", StringComparison.OrdinalIgnoreCase)
            ? new EngineEndpoint(EngineEndpointKind.Pipe, server, 0, null, name)
            : throw TransportErrors.DockerHostInvalid(text, "it is not of the form npipe:////./pipe/name", target);
    }

    private static void RefuseMore(string text, Uri uri, object? target)
    {
        if (uri.PathAndQuery is not ("/" or "") || uri.Fragment.Length > 0)
            throw TransportErrors.DockerHostInvalid(text, "nothing may follow host and port", target);
    }

    private static int PortOf(string text, Uri uri, int usual, object? target) =>
        uri.Port switch
        {
            < 0 => usual,
            0 => throw TransportErrors.DockerHostInvalid(text, "0 is not a valid port", target),
            _ => uri.Port,
        };

    private static string RequireHost(string text, Uri uri, object? target) =>
        uri.DnsSafeHost.Length > 0 ? uri.DnsSafeHost : throw TransportErrors.DockerHostInvalid(text, "it has no host", target);
}
