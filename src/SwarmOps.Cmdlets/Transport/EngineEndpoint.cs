namespace SwarmOps.Transport;

/// <summary>How an engine is reached.</summary>
internal enum EngineEndpointKind
{
    /// <summary>Through SSH, by <c>docker system dial-stdio</c>.</summary>
    Ssh,

    /// <summary>By TCP, with client certificates unless the port is a plain one.</summary>
    Tcp,

    /// <summary>By a socket of this machine.</summary>
    Unix,

    /// <summary>By a named pipe of this (Windows) machine.</summary>
    Pipe,
}

/// <summary>An endpoint in the form of <c>DOCKER_HOST</c>, taken apart.</summary>
/// <param name="Kind">How the engine is reached.</param>
/// <param name="Host">Host name or address without brackets; empty for a socket or pipe.</param>
/// <param name="Port">TCP port; 0 for a socket or pipe.</param>
/// <param name="User">SSH user; null when the endpoint names none.</param>
/// <param name="Path">Path of the socket, or name of the pipe.</param>
internal sealed record EngineEndpoint(EngineEndpointKind Kind, string Host, int Port, string? User, string Path)
{
    private const int SshPort = 22;
    private const int TlsPort = 2376;

    /// <summary>Takes an endpoint apart.</summary>
    /// <param name="dockerHost"><c>ssh://user@host:port</c>, <c>unix:///path</c>, <c>npipe://./pipe/name</c> or <c>tcp://host:port</c>.</param>
    /// <param name="target">What an error is about.</param>
    /// <exception cref="SwarmOpsException"><c>DockerHostInvalid</c>.</exception>
    public static EngineEndpoint Parse(string dockerHost, object? target = null)
    {
        if (dockerHost.StartsWith("unix://", StringComparison.OrdinalIgnoreCase))
            return ParseSocket(dockerHost, target);
        if (!Uri.TryCreate(dockerHost, UriKind.Absolute, out var uri))
            throw TransportErrors.DockerHostInvalid(dockerHost, "it is not a URI", target);
        return uri.Scheme switch
        {
            "ssh" => ParseSsh(dockerHost, uri, target),
            "tcp" => new EngineEndpoint(EngineEndpointKind.Tcp, RequireHost(dockerHost, uri, target), uri.Port > 0 ? uri.Port : TlsPort, null, ""),
            "npipe" => ParsePipe(dockerHost, uri, target),
            _ => throw TransportErrors.DockerHostInvalid(dockerHost, $"the scheme '{uri.Scheme}' is not ssh, tcp, unix or npipe", target),
        };
    }

    private static EngineEndpoint ParseSsh(string text, Uri uri, object? target)
    {
        if (uri.UserInfo.Contains(':', StringComparison.Ordinal))
            throw TransportErrors.DockerHostInvalid($"ssh://...@{uri.Host}", "it holds a password; give it with -Credential", target);
        if (uri.AbsolutePath is not ("/" or ""))
            throw TransportErrors.DockerHostInvalid(text, "an ssh endpoint has no path", target);
        var user = uri.UserInfo.Length > 0 ? Uri.UnescapeDataString(uri.UserInfo) : null;
        return new EngineEndpoint(EngineEndpointKind.Ssh, RequireHost(text, uri, target), uri.Port > 0 ? uri.Port : SshPort, user, "");
    }

    private static EngineEndpoint ParseSocket(string text, object? target)
    {
        var path = text["unix://".Length..];
        return path.StartsWith('/')
            ? new EngineEndpoint(EngineEndpointKind.Unix, "", 0, null, path)
            : throw TransportErrors.DockerHostInvalid(text, "the path of the socket is not absolute (three slashes)", target);
    }

    private static EngineEndpoint ParsePipe(string text, Uri uri, object? target)
    {
        const string prefix = "/pipe/";
        return uri.AbsolutePath.Replace("//", "/", StringComparison.Ordinal) is var path && path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && path.Length > prefix.Length
            ? new EngineEndpoint(EngineEndpointKind.Pipe, uri.Host.Length == 0 ? "." : uri.Host, 0, null, path[prefix.Length..])
            : throw TransportErrors.DockerHostInvalid(text, "it is not of the form npipe://./pipe/name", target);
    }

    private static string RequireHost(string text, Uri uri, object? target) =>
        uri.DnsSafeHost.Length > 0 ? uri.DnsSafeHost : throw TransportErrors.DockerHostInvalid(text, "it names no host", target);
}
