using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Docker.DotNet;
using Renci.SshNet.Common;
using Renci.SshNet.Messages.Transport;

namespace SwarmOps.Transport;

/// <summary>Every way in which a node can fail to be reached, each with its id and the next step (docs/errors/transport.md).</summary>
internal static class TransportErrors
{
    /// <summary>Whether a failed read is worth repeating: the wire broke, not the request. After a silence that took all the time there was it is not.</summary>
    public static bool IsTransient(Exception exception) =>
        !Chain(exception).Any(inner => inner is SwarmOpsException or EngineDialException or AuthenticationException or SocketException { SocketErrorCode: SocketError.TimedOut } || IsNoHttp(inner))
        && Chain(exception).Any(inner => inner is IOException or SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted });

    /// <summary>Whether what answered does not speak HTTP.</summary>
    public static bool IsNoHttp(Exception exception) => exception is HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } or HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse };

    /// <summary>Whether the SSH server said that it opens no further session; SSH.NET has no type or code for it, only this text.</summary>
    public static bool IsSessionRefused(SshException exception) => exception.Message.Contains("open a channel", StringComparison.Ordinal);

    /// <summary>The error that a failure to open an SSH connection stands for.</summary>
    public static SwarmOpsException FromConnect(SwarmNode node, Exception exception) => exception switch
    {
        SwarmOpsException known => known,
        SshAuthenticationException => SshAuthenticationFailed(node, exception),
        // What OpenSSH says when MaxAuthTries is reached; the reason that it gives with it is "protocol error".
        SshConnectionException when exception.Message.Contains("authentication failures", StringComparison.OrdinalIgnoreCase) => SshAuthenticationFailed(node, exception),
        SshOperationTimeoutException => NodeUnreachable(node, "the SSH server does not answer", exception),
        SshConnectionException { DisconnectReason: DisconnectReason.KeyExchangeFailed or DisconnectReason.ProtocolError or DisconnectReason.ProtocolVersionNotSupported } =>
            SshHandshakeFailed(node, exception),
        _ => NodeUnreachable(node, exception.Message.TrimEnd('.'), exception),
    };

    /// <summary>The error that a failure of a library stands for; null when it is none of the transport's (a bug, a cancellation).</summary>
    public static SwarmOpsException? TryFrom(SwarmNode node, Exception exception)
    {
        foreach (var inner in Chain(exception))
        {
            switch (inner)
            {
                case OperationCanceledException:
                    return null;
                case SwarmOpsException known:
                    return InCall(known, exception);
                case EngineSilentException silent:
                    return EngineSilent(node, silent);
                case InvalidDataException odd:
                    return EngineStreamInvalid(node, odd);
                case EngineDialException dial:
                    return FromDial(node, dial);
                case DockerApiException api:
                    return EngineRequestFailed(node, api);
                case AuthenticationException tls:
                    return EngineTlsFailed(node, tls);
                case SshAuthenticationException:
                    return SshAuthenticationFailed(node, inner);
                case SocketException socket:
                    return InCall(FromSocket(node, socket), exception);
            }
        }

        return exception switch
        {
            SshOperationTimeoutException => NodeUnreachable(node, "the SSH server does not answer", exception),
            SshException refused when IsSessionRefused(refused) => SshSessionRefused(node, exception),
            SshException or IOException or HttpRequestException or ObjectDisposedException => ConnectionLost(node, exception),
            _ => null,
        };
    }

    /// <summary>Whether an answer was read and made no sense. What reads it throws many things: a document that is none, a number or time that is none, a field that is missing.</summary>
    public static bool IsOddAnswer(Exception exception) =>
        exception is JsonException or FormatException or OverflowException or KeyNotFoundException or IndexOutOfRangeException or ArgumentException or NullReferenceException
        || (exception is InvalidOperationException and not ObjectDisposedException && !Chain(exception).Any(inner => inner is SwarmOpsException or SocketException or IOException));

    public static SwarmOpsException NodeHasNoEndpoint(SwarmNode node) => new(
        "NodeHasNoEndpoint",
        ErrorKind.InvalidArgument,
        $"The node '{node.Name}' has no DockerHost: there is no way to reach it.",
        "Give the node an endpoint: New-SwarmNode -DockerHost ssh://user@address, or -PublicAddress and -User.",
        node);

    public static SwarmOpsException DockerHostInvalid(string dockerHost, string why, object? target) => new(
        "DockerHostInvalid",
        ErrorKind.InvalidArgument,
        $"The endpoint '{dockerHost}' cannot be used: {why}.",
        "Use ssh://user@host[:port], unix:///path/to/socket, npipe:////./pipe/name or tcp://host:port.",
        target);

    public static SwarmOpsException NodeUnreachable(SwarmNode node, string why, Exception? cause) => new(
        "NodeUnreachable",
        ErrorKind.Connection,
        $"'{node.Name}' cannot be reached at {node.DockerHost}: {why}.",
        "Check that the machine runs, that the address is right, and that its firewall lets this machine in; then run the same command again.",
        node,
        cause);

    public static SwarmOpsException ConnectionLost(SwarmNode node, Exception cause) => new(
        "ConnectionLost",
        ErrorKind.Connection,
        $"The connection to '{node.Name}' broke{(EngineCall.Of(cause) is { } call && !call.EndsWith("/_ping", StringComparison.Ordinal) ? $" during {call}" : "")}: {(cause.GetBaseException() is ObjectDisposedException ? "it was closed meanwhile" : cause.GetBaseException().Message)}",
        "Run the same command again: it goes on where it was.",
        node,
        cause);

    /// <summary>Of kind Connection, since another manager may answer.</summary>
    public static SwarmOpsException EngineSilent(SwarmNode node, EngineSilentException cause) => new(
        "EngineSilent",
        ErrorKind.Connection,
        $"The engine of '{node.Name}' took {cause.Call} and was silent for {cause.Patience.TotalSeconds:0} s.{(cause.Call.StartsWith("GET ", StringComparison.Ordinal) ? "" : " Whether it was carried out is not known.")}",
        "Look on the node whether the engine hangs (systemctl status docker, journalctl -u docker) or its host is overloaded; then run the same command again.",
        node,
        cause);

    public static SwarmOpsException EngineStreamInvalid(SwarmNode node, Exception cause) => new(
        "EngineStreamInvalid",
        ErrorKind.InvalidData,
        $"The engine of '{node.Name}' sent a stream that does not have Docker's format: {cause.Message}",
        "Check that what listens at the endpoint is a Docker engine, and look for a proxy in between that changes answers.",
        node,
        cause);

    public static SwarmOpsException EngineAnswerInvalid(SwarmNode node, Exception cause) => new(
        "EngineAnswerInvalid",
        ErrorKind.InvalidData,
        $"The engine of '{node.Name}' gave an answer that makes no sense: {cause.Message}",
        "Check the version of the engine (docker version on the node), and look for a proxy in between that changes answers.",
        node,
        cause);

    public static SwarmOpsException KnownHostsUnreadable(SwarmNode node, string path, string why) => new(
        "KnownHostsUnreadable",
        ErrorKind.Permission,
        $"The host keys that '{node.Name}' is checked against, in {path}, cannot be read: {why.TrimEnd('.')}. Nothing was sent to the node.",
        "Give a file that can be read with New-SwarmNode -KnownHostsPath, or pin the key with New-SwarmNode -HostKeyFingerprint.",
        node);

    public static SwarmOpsException SshHandshakeFailed(SwarmNode node, Exception cause) => new(
        "SshHandshakeFailed",
        ErrorKind.Connection,
        $"What answers for '{node.Name}' at {node.DockerHost} is not an SSH server that this module can talk to: {cause.Message}",
        "Check the port of the endpoint, and that the server's algorithms are those of OpenSSH 8 or later.",
        node,
        cause);

    public static SwarmOpsException SshSessionRefused(SwarmNode node, Exception cause) => new(
        "SshSessionRefused",
        ErrorKind.Connection,
        $"The SSH server of '{node.Name}' opens no further session on the connection.",
        "Set MaxSessions to 10 (its default) or more in /etc/ssh/sshd_config on the node.",
        node,
        cause);

    public static SwarmOpsException SshAuthenticationFailed(SwarmNode node, Exception cause) => new(
        "SshAuthenticationFailed",
        ErrorKind.Authentication,
        $"'{node.Name}' refused the SSH user or key at {node.DockerHost}.",
        "Check the user in the endpoint and the key (New-SwarmNode -User, -KeyFilePath; or -Credential), and that the key is in the user's authorized_keys on the node.",
        node,
        cause);

    public static SwarmOpsException NoSshCredential(SwarmNode node) => new(
        "NoSshCredential",
        ErrorKind.Authentication,
        $"There is no SSH key or password for '{node.Name}', and none under ~/.ssh.",
        "Give one: New-SwarmNode -KeyFilePath, or -PrivateKey or -Credential on any cmdlet.",
        node);

    public static SwarmOpsException SshKeyNotFound(SwarmNode node, string path) => new(
        "SshKeyNotFound",
        ErrorKind.NotFound,
        $"The SSH key file '{path}' of '{node.Name}' does not exist.",
        "Give the path of the private key with New-SwarmNode -KeyFilePath.",
        node);

    /// <summary>Has no inner exception: what a parser says of a key may quote it.</summary>
    public static SwarmOpsException SshKeyInvalid(SwarmNode node, string what) => new(
        "SshKeyInvalid",
        ErrorKind.InvalidData,
        $"For '{node.Name}', {what} is not a private key that can be read.",
        "Give a private key in OpenSSH or PEM format (not the .pub file).",
        node);

    public static SwarmOpsException SshKeyPassphraseWrong(SwarmNode node, string what) => new(
        "SshKeyPassphraseWrong",
        ErrorKind.Authentication,
        $"For '{node.Name}', the passphrase does not open {what}.",
        "Give the right one with -KeyPassphrase.",
        node);

    public static SwarmOpsException SshKeyPassphraseRequired(SwarmNode node, string what) => new(
        "SshKeyPassphraseRequired",
        ErrorKind.Authentication,
        $"For '{node.Name}', {what} is protected by a passphrase.",
        "Give it as a SecureString with -KeyPassphrase.",
        node);

    public static SwarmOpsException HostKeyUnknown(SwarmNode node, string shown, string path) => new(
        "HostKeyUnknown",
        ErrorKind.Security,
        $"The SSH host key of '{node.Name}' ({shown}) is not known: nothing in {path} names this host.",
        $"Compare it with what the machine itself says (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then pin it: New-SwarmNode -HostKeyFingerprint '{shown}'.",
        node);

    public static SwarmOpsException HostKeyMismatch(SwarmNode node, string shown, string? expected) => new(
        "HostKeyMismatch",
        ErrorKind.Security,
        $"The SSH host key of '{node.Name}' is {shown}, but {expected} is expected. Someone may be between you and the node, or the machine was rebuilt.",
        "If the machine was rebuilt, compare the key with the machine's own and pin the new one; if not, do not connect.",
        node);

    public static SwarmOpsException HostKeyRevoked(SwarmNode node, string shown, string path) => new(
        "HostKeyRevoked",
        ErrorKind.Security,
        $"The SSH host key of '{node.Name}' ({shown}) is marked @revoked in {path}.",
        "Do not connect. Give the machine a new host key.",
        node);

    public static SwarmOpsException KnownHostsNotWritable(SwarmNode node, string path, string why) => new(
        "KnownHostsNotWritable",
        ErrorKind.Permission,
        $"The SSH host key of '{node.Name}' cannot be recorded in {path}: {why}",
        "Give a file that can be written with New-SwarmNode -KnownHostsPath, or pin the key with -HostKeyFingerprint.",
        node);

    public static SwarmOpsException EngineNotInstalled(SwarmNode node) => new(
        "EngineNotInstalled",
        ErrorKind.NotInstalled,
        $"'{node.Name}' has no docker command.",
        $"Install an engine: $node | Install-SwarmEngine (node '{node.Name}').",
        node);

    public static SwarmOpsException EngineNotRunning(SwarmNode node, string detail) => new(
        "EngineNotRunning",
        ErrorKind.InvalidState,
        $"The engine of '{node.Name}' does not run: {detail}",
        "Start it on the node (systemctl start docker) and look at its log (journalctl -u docker).",
        node);

    public static SwarmOpsException EngineAccessDenied(SwarmNode node) => new(
        "EngineAccessDenied",
        ErrorKind.Permission,
        $"The SSH user of '{node.Name}' may not use the engine's socket.",
        "Add the user to the group docker on the node (usermod -aG docker <user>), or connect as root.",
        node);

    public static SwarmOpsException EngineTooOld(SwarmNode node, Version offered, Version oldest) => new(
        "EngineTooOld",
        ErrorKind.InvalidState,
        $"The engine of '{node.Name}' speaks API {offered}; {oldest} (engine 20.10) is the oldest that works.",
        "Update the engine on the node.",
        node);

    public static SwarmOpsException NotAnEngine(SwarmNode node) => new(
        "NotAnEngine",
        ErrorKind.InvalidData,
        $"What answers for '{node.Name}' at {node.DockerHost} is not a Docker engine.",
        "Check host and port of the endpoint.",
        node);

    public static SwarmOpsException EngineWantsTls(SwarmNode node) => new(
        "EngineTlsFailed",
        ErrorKind.Security,
        $"The engine of '{node.Name}' speaks TLS only, and the node has no certificates.",
        "Give the folder with ca.pem, cert.pem and key.pem: New-SwarmNode -CertificatePath.",
        node);

    public static SwarmOpsException EngineClosesAfterHandshake(SwarmNode node, Exception cause) => new(
        "EngineTlsFailed",
        ErrorKind.Security,
        $"The engine of '{node.Name}' closes the connection right after the TLS handshake, as it does when it does not accept our certificate ({cause.GetBaseException().Message}).",
        "Check that cert.pem and key.pem in the folder of -CertificatePath are signed by the authority that the engine asks for (dockerd --tlscacert).",
        node,
        cause);

    public static SwarmOpsException EngineTlsFailed(SwarmNode node, Exception cause) => new(
        "EngineTlsFailed",
        ErrorKind.Security,
        $"The engine of '{node.Name}' and this machine do not trust each other's certificates: {cause.GetBaseException().Message}",
        "Check ca.pem, cert.pem and key.pem in the folder of -CertificatePath, and that the server's certificate names its host.",
        node,
        cause);

    public static SwarmOpsException CertificateInvalid(SwarmNode node, string folder, string file, string why, Exception? cause) => new(
        "CertificateInvalid",
        ErrorKind.InvalidData,
        $"{file} of '{node.Name}' in '{folder}' cannot be used: {why.TrimEnd('.')}. Nothing was sent to the engine.",
        "The folder of New-SwarmNode -CertificatePath must hold ca.pem, the authority that signed the engine's certificate, and cert.pem with its key in key.pem, in PEM format, as for DOCKER_CERT_PATH.",
        node,
        cause);

    public static SwarmOpsException CommandsNotSupported(SwarmNode node, Exception? cause) => new(
        "CommandsNotSupported",
        ErrorKind.InvalidState,
        $"The endpoint of '{node.Name}', {node.DockerHost}, gives no way to run a command on the node's host.",
        "Give the node an ssh:// endpoint for what needs the host (installing, testing ports, the NAT rule).",
        node,
        cause);

    public static SwarmOpsException CommandTimedOut(SwarmNode node, NodeCommand command) => new(
        "CommandTimedOut",
        ErrorKind.Timeout,
        $"A command on '{node.Name}' did not end within {command.Timeout.TotalSeconds:0} s.",
        "Look at the load of the node and run the same command again.",
        node);

    public static SwarmOpsException CommandFailed(SwarmNode node, string what, CommandResult result) => new(
        "CommandFailed",
        ErrorKind.InvalidState,
        $"On '{node.Name}', {what} failed with exit code {result.ExitCode}: {Masking.Text(LastLine(result))}",
        "Fix the reported problem on the node and run the same command again.",
        node);

    public static SwarmOpsException EngineRequestFailed(SwarmNode node, DockerApiException api) => new(
        "EngineRequestFailed",
        ErrorKind.Engine,
        $"The engine of '{node.Name}' answered {(int)api.StatusCode}: {Masking.Text(MessageOf(api))}",
        api.StatusCode == HttpStatusCode.ServiceUnavailable
            ? "The swarm may have no leader at the moment. Look with Get-Swarm, then run the same command again."
            : "Look at the engine's log on the node (journalctl -u docker).",
        node,
        api);

    /// <summary>The engine's own words in its error.</summary>
    public static string MessageOf(DockerApiException api)
    {
        try
        {
            using var body = JsonDocument.Parse(api.ResponseBody ?? "");
            return body.RootElement.GetProperty("message").GetString() ?? "";
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return api.ResponseBody?.Trim() ?? "";
        }
    }

    /// <summary>The same error, with the call in which it came.</summary>
    private static SwarmOpsException InCall(SwarmOpsException known, Exception exception) =>
        known.Kind != ErrorKind.Connection || EngineCall.Of(exception) is not { } call || call.EndsWith("/_ping", StringComparison.Ordinal) || known.Message.Contains(call, StringComparison.Ordinal)
            ? known
            : new SwarmOpsException(known.ErrorId, known.Kind, $"{known.Message.TrimEnd('.')} (during {call}).", known.RecommendedAction, known.Target, known.InnerException);

    private static SwarmOpsException FromDial(SwarmNode node, EngineDialException dial)
    {
        const int commandNotFound = 127;
        if (dial.ExitCode is null)
            return ConnectionLost(node, dial);
        if (dial.ExitCode == commandNotFound || dial.Error.Contains("command not found", StringComparison.OrdinalIgnoreCase))
            return EngineNotInstalled(node);
        return dial.Error.Contains("permission denied", StringComparison.OrdinalIgnoreCase) ? EngineAccessDenied(node) : EngineNotRunning(node, dial.Error);
    }

    private static SwarmOpsException FromSocket(SwarmNode node, SocketException socket)
    {
        var local = node.DockerHost?.StartsWith("unix:", StringComparison.OrdinalIgnoreCase) is true;
        return socket.SocketErrorCode switch
        {
            SocketError.AccessDenied when local => EngineAccessDenied(node),
            SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => ConnectionLost(node, socket),
            _ when local => EngineNotRunning(node, socket.Message),
            _ => NodeUnreachable(node, socket.Message, socket),
        };
    }

    private static string LastLine(CommandResult result)
    {
        var text = result.Error.Trim().Length > 0 ? result.Error : result.Output;
        return text.Trim().Split('\n')[^1].Trim();
    }

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
            yield return inner;
    }
}
