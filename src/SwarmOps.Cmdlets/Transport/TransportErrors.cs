using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Docker.DotNet;
using Renci.SshNet.Common;
using Renci.SshNet.Messages.Transport;

namespace SwarmOps.Transport;

/// <summary>Errors of reaching a node and its engine, each with its id and recommended action (docs/errors/transport.md).</summary>
internal static class TransportErrors
{
    /// <summary>Whether a failed read is worth repeating: the connection broke, and the request was not the cause. Not after a timeout, which has used up the time.</summary>
    public static bool IsTransient(Exception exception) =>
        !Chain(exception)
            .Any(inner =>
                inner
                    is SwarmOpsException
                        or EngineDialException
                        or AuthenticationException
                        or SocketException { SocketErrorCode: SocketError.TimedOut }
                || IsNoHttp(inner)
            )
        && Chain(exception)
            .Any(inner =>
                inner is IOException or SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted }
            );

    /// <summary>Whether the other side does not answer in HTTP.</summary>
    public static bool IsNoHttp(Exception exception) =>
        exception
            is HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse }
                or HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse };

    /// <summary>Whether the SSH server refused to open another session; SSH.NET has no type or code for it, only this text.</summary>
    public static bool IsSessionRefused(SshException exception) => exception.Message.Contains("open a channel", StringComparison.Ordinal);

    /// <summary>Converts a failure to open an SSH connection.</summary>
    public static SwarmOpsException FromConnect(SwarmNode node, Exception exception) =>
        exception switch
        {
            SwarmOpsException known => known,
            SshAuthenticationException => SshAuthenticationFailed(node, exception),
            // OpenSSH's text when MaxAuthTries is reached; its disconnect reason is "protocol error".
            SshConnectionException when exception.Message.Contains("authentication failures", StringComparison.OrdinalIgnoreCase) =>
                SshAuthenticationFailed(node, exception),
            SshOperationTimeoutException => NodeUnreachable(node, "the SSH server did not answer", exception),
            SshConnectionException
            {
                DisconnectReason: DisconnectReason.KeyExchangeFailed
                    or DisconnectReason.ProtocolError
                    or DisconnectReason.ProtocolVersionNotSupported
            } => SshHandshakeFailed(node, exception),
            _ => NodeUnreachable(node, exception.Message.TrimEnd('.'), exception),
        };

    /// <summary>Converts a library's failure; null when it is not a transport error (a bug, a cancellation).</summary>
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
            SshOperationTimeoutException => NodeUnreachable(node, "the SSH server did not answer", exception),
            SshException refused when IsSessionRefused(refused) => SshSessionRefused(node, exception),
            SshException or IOException or HttpRequestException or ObjectDisposedException => ConnectionLost(node, exception),
            _ => null,
        };
    }

    /// <summary>Whether an answer was read but is invalid. Parsers throw many types: for invalid JSON, an invalid number or time, a missing field.</summary>
    public static bool IsOddAnswer(Exception exception) =>
        exception
            is JsonException
                or FormatException
                or OverflowException
                or KeyNotFoundException
                or IndexOutOfRangeException
                or ArgumentException
                or NullReferenceException
        || (
            exception is InvalidOperationException and not ObjectDisposedException
            && !Chain(exception).Any(inner => inner is SwarmOpsException or SocketException or IOException)
        );

    public static SwarmOpsException NodeHasNoEndpoint(SwarmNode node) =>
        new(
            ErrorKind.InvalidArgument,
            $"The node '{node.Name}' has no DockerHost, so SwarmOps cannot connect to it.",
            "Specify an endpoint: New-SwarmNode -DockerHost ssh://user@address, or -PublicAddress and -User.",
            node
        );

    public static SwarmOpsException DockerHostInvalid(string dockerHost, string why, object? target) =>
        new(
            ErrorKind.InvalidArgument,
            $"The endpoint '{dockerHost}' cannot be used: {why}.",
            "Use ssh://user@host[:port], unix:///path/to/socket, npipe:////./pipe/name or tcp://host:port.",
            target
        );

    public static SwarmOpsException NodeUnreachable(SwarmNode node, string why, Exception? cause) =>
        new(
            ErrorKind.Connection,
            $"'{node.Name}' cannot be reached at {node.DockerHost}: {why}.",
            "Check that the machine is running, that the address is correct, and that its firewall allows connections from this machine; then run the same command again.",
            node,
            cause
        );

    public static SwarmOpsException ConnectionLost(SwarmNode node, Exception cause) =>
        new(
            ErrorKind.Connection,
            $"The connection to '{node.Name}' broke{(EngineCall.Of(cause) is { } call && !call.EndsWith("/_ping", StringComparison.Ordinal) ? $" during {call}" : "")}: {(cause.GetBaseException() is ObjectDisposedException ? "it was closed in the meantime" : cause.GetBaseException().Message)}",
            "Run the same command again: it continues where it stopped.",
            node,
            cause
        );

    /// <summary>Kind Connection, so that another manager is tried.</summary>
    public static SwarmOpsException EngineSilent(SwarmNode node, EngineSilentException cause) =>
        new(
            ErrorKind.Connection,
            $"The engine of '{node.Name}' accepted {cause.Call} but did not answer within {cause.Patience.TotalSeconds:0} s.{(cause.Call.StartsWith("GET ", StringComparison.Ordinal) ? "" : " Whether the request was carried out is not known.")}",
            "On the node, check whether the engine hangs (systemctl status docker, journalctl -u docker) or the host is overloaded; then run the same command again.",
            node,
            cause
        );

    public static SwarmOpsException EngineStreamInvalid(SwarmNode node, Exception cause) =>
        new(
            ErrorKind.InvalidData,
            $"The engine of '{node.Name}' sent a stream that is not in Docker's format: {cause.Message}",
            "Check that the endpoint is a Docker engine, and that no proxy in between modifies its answers.",
            node,
            cause
        );

    public static SwarmOpsException EngineAnswerInvalid(SwarmNode node, Exception cause) =>
        new(
            ErrorKind.InvalidData,
            $"The engine of '{node.Name}' returned an invalid answer: {cause.Message}",
            "Check the version of the engine (docker version on the node), and that no proxy in between modifies its answers.",
            node,
            cause
        );

    public static SwarmOpsException KnownHostsUnreadable(SwarmNode node, string path, string why) =>
        new(
            ErrorKind.Permission,
            $"The known host keys for '{node.Name}' in {path} cannot be read: {why.TrimEnd('.')}. Nothing was sent to the node.",
            "Specify a readable file with New-SwarmNode -KnownHostsPath, or pin the key with New-SwarmNode -HostKeyFingerprint.",
            node
        );

    public static SwarmOpsException SshHandshakeFailed(SwarmNode node, Exception cause) =>
        new(
            ErrorKind.Connection,
            $"The SSH handshake with '{node.Name}' at {node.DockerHost} failed: it is not an SSH server, or has no algorithm in common with SwarmOps. {cause.Message}",
            "Check the port of the endpoint, and that the server supports the algorithms of OpenSSH 8 or later.",
            node,
            cause
        );

    public static SwarmOpsException SshSessionRefused(SwarmNode node, Exception cause) =>
        new(
            ErrorKind.Connection,
            $"The SSH server of '{node.Name}' refused to open another session on the connection.",
            "Set MaxSessions to 10 (its default) or more in /etc/ssh/sshd_config on the node.",
            node,
            cause
        );

    public static SwarmOpsException SshAuthenticationFailed(SwarmNode node, Exception cause) =>
        new(
            ErrorKind.Authentication,
            $"SSH authentication at '{node.Name}' ({node.DockerHost}) failed: the server rejected the user, key or password.",
            "Check the user and the key (New-SwarmNode -User, -KeyFilePath; or -Credential), and that the key is in the user's authorized_keys on the node.",
            node,
            cause
        );

    public static SwarmOpsException NoSshCredential(SwarmNode node) =>
        new(
            ErrorKind.Authentication,
            $"No SSH key or password was specified for '{node.Name}', and ~/.ssh holds no usable key.",
            "Specify one: New-SwarmNode -KeyFilePath, or -PrivateKey or -Credential on any cmdlet.",
            node
        );

    /// <summary>With no node it is a key that a cmdlet's own parameter names; so for the following errors.</summary>
    public static SwarmOpsException SshKeyNotFound(SwarmNode? node, string path) =>
        new(
            ErrorKind.NotFound,
            $"The SSH key file '{path}'{(node is null ? "" : $" of '{node.Name}'")} does not exist.",
            node is null
                ? "Specify the path of a private key; ssh-keygen -t ed25519 -f file makes one."
                : "Specify the path of the private key with New-SwarmNode -KeyFilePath.",
            (object?)node ?? path
        );

    /// <summary>Without an inner exception: a parser's message may quote the key.</summary>
    public static SwarmOpsException SshKeyInvalid(SwarmNode? node, string what) =>
        new(
            ErrorKind.InvalidData,
            ForNode(node, $"{what} is not a readable private key."),
            "Specify a private key in OpenSSH or PEM format (not the .pub file).",
            (object?)node ?? what
        );

    public static SwarmOpsException SshKeyPassphraseWrong(SwarmNode? node, string what) =>
        new(
            ErrorKind.Authentication,
            ForNode(node, $"the passphrase does not decrypt {what}."),
            $"Specify the correct passphrase with {PassphraseOf(node)}.",
            (object?)node ?? what
        );

    public static SwarmOpsException SshKeyPassphraseRequired(SwarmNode? node, string what) =>
        new(
            ErrorKind.Authentication,
            ForNode(node, $"{what} is protected by a passphrase."),
            $"Specify the passphrase as a SecureString with {PassphraseOf(node)}.",
            (object?)node ?? what
        );

    public static SwarmOpsException HostKeyUnknown(SwarmNode node, string shown, string path) =>
        new(
            ErrorKind.Security,
            $"The SSH host key of '{node.Name}' ({shown}) is not known: {path} has no entry for this host.",
            $"Compare it with the key on the machine (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then pin it: New-SwarmNode -HostKeyFingerprint '{shown}'.",
            node
        );

    public static SwarmOpsException HostKeyMismatch(SwarmNode node, string shown, string? expected) =>
        new(
            ErrorKind.Security,
            $"The SSH host key of '{node.Name}' is {shown}, but {expected} is expected. Either the machine was rebuilt, or the connection is being intercepted.",
            "If the machine was rebuilt, compare the key with the one on the machine and pin it. Otherwise do not connect.",
            node
        );

    public static SwarmOpsException HostKeyRevoked(SwarmNode node, string shown, string path) =>
        new(
            ErrorKind.Security,
            $"The SSH host key of '{node.Name}' ({shown}) is marked @revoked in {path}.",
            "Do not connect. Generate a new host key on the machine.",
            node
        );

    public static SwarmOpsException KnownHostsNotWritable(SwarmNode node, string path, string why) =>
        new(
            ErrorKind.Permission,
            $"The SSH host key of '{node.Name}' cannot be recorded in {path}: {why}",
            "Specify a writable file with New-SwarmNode -KnownHostsPath, or pin the key with -HostKeyFingerprint.",
            node
        );

    public static SwarmOpsException EngineNotInstalled(SwarmNode node) =>
        new(
            ErrorKind.NotInstalled,
            $"'{node.Name}' has no docker command.",
            $"Install an engine: $node | Install-SwarmEngine (node '{node.Name}').",
            node
        );

    public static SwarmOpsException EngineNotRunning(SwarmNode node, string detail) =>
        new(
            ErrorKind.InvalidState,
            $"The engine of '{node.Name}' is not running: {detail}",
            "Start the engine on the node (systemctl start docker) and check its log (journalctl -u docker).",
            node
        );

    public static SwarmOpsException EngineAccessDenied(SwarmNode node) =>
        new(
            ErrorKind.Permission,
            $"The SSH user of '{node.Name}' has no access to the engine's socket.",
            "Add the user to the group docker on the node (usermod -aG docker <user>), or connect as root.",
            node
        );

    public static SwarmOpsException EngineTooOld(SwarmNode node, Version offered, Version oldest) =>
        new(
            ErrorKind.InvalidState,
            $"The engine of '{node.Name}' supports API {offered} at most; SwarmOps needs {oldest} (engine 20.10) or later.",
            "Update the engine on the node.",
            node
        );

    public static SwarmOpsException NotAnEngine(SwarmNode node) =>
        new(
            ErrorKind.InvalidData,
            $"The endpoint {node.DockerHost} of '{node.Name}' answers, but is not a Docker engine.",
            "Check the host and port of the endpoint.",
            node
        );

    public static SwarmOpsException EngineWantsTls(SwarmNode node) =>
        EngineTlsFailed(
            node,
            $"The engine of '{node.Name}' requires TLS, and no certificates are specified for the node.",
            "Specify the folder with ca.pem, cert.pem and key.pem: New-SwarmNode -CertificatePath."
        );

    public static SwarmOpsException EngineClosesAfterHandshake(SwarmNode node, Exception cause) =>
        EngineTlsFailed(
            node,
            $"The engine of '{node.Name}' closed the connection right after the TLS handshake, as engines do when they reject the client certificate ({cause.GetBaseException().Message}).",
            "Check that cert.pem and key.pem in the folder of -CertificatePath are signed by the certificate authority that the engine requires (dockerd --tlscacert).",
            cause
        );

    public static SwarmOpsException EngineTlsFailed(SwarmNode node, Exception cause) =>
        EngineTlsFailed(
            node,
            $"The TLS handshake with the engine of '{node.Name}' failed: {cause.GetBaseException().Message}",
            "Check ca.pem, cert.pem and key.pem in the folder of -CertificatePath, and that the server's certificate is valid for its host name.",
            cause
        );

    private static SwarmOpsException EngineTlsFailed(SwarmNode node, string message, string action, Exception? cause = null) =>
        new(ErrorKind.Security, message, action, node, cause);

    public static SwarmOpsException CertificateInvalid(SwarmNode node, string folder, string file, string why, Exception? cause) =>
        new(
            ErrorKind.InvalidData,
            $"{file} of '{node.Name}' in '{folder}' cannot be used: {why.TrimEnd('.')}. Nothing was sent to the engine.",
            "The folder of New-SwarmNode -CertificatePath must contain, in PEM format as for DOCKER_CERT_PATH: ca.pem (the authority that signed the engine's certificate), cert.pem, and its key in key.pem.",
            node,
            cause
        );

    public static SwarmOpsException CommandsNotSupported(SwarmNode node, Exception? cause) =>
        new(
            ErrorKind.InvalidState,
            $"Commands cannot be run on the host of '{node.Name}' through its endpoint {node.DockerHost}.",
            "Use an ssh:// endpoint for this node: installing an engine, testing ports and the NAT rule need commands on the host.",
            node,
            cause
        );

    public static SwarmOpsException CommandTimedOut(SwarmNode node, NodeCommand command) =>
        new(
            ErrorKind.Timeout,
            $"A command on '{node.Name}' did not finish within {command.Timeout.TotalSeconds:0} s.",
            "Check the load of the node, then run the same command again.",
            node
        );

    public static SwarmOpsException CommandFailed(SwarmNode node, string what, CommandResult result) =>
        new(
            ErrorKind.InvalidState,
            $"On '{node.Name}', {what} failed with exit code {result.ExitCode}: {Masking.Text(LastLine(result))}",
            "Fix the reported problem on the node, then run the same command again.",
            node
        );

    public static SwarmOpsException EngineRequestFailed(SwarmNode node, DockerApiException api) =>
        new(
            ErrorKind.Engine,
            $"The engine of '{node.Name}' returned HTTP {(int)api.StatusCode}: {Masking.Text(MessageOf(api))}",
            api.StatusCode == HttpStatusCode.ServiceUnavailable
                ? "The swarm may have no leader at the moment. Check with Get-Swarm, then run the same command again."
                : "Check the engine's log on the node (journalctl -u docker).",
            node,
            api
        );

    /// <summary>
    /// Whether an engine gave up waiting for its swarm. Engine 20.10 says "context deadline exceeded", engine 28.5 "rpc error: code = DeadlineExceeded desc = stream terminated ...".
    /// </summary>
    public static bool IsDeadline(DockerApiException api) => IsDeadline(api.ResponseBody ?? "");

    /// <summary>The same for a text.</summary>
    public static bool IsDeadline(string text) =>
        text.Contains("deadline exceeded", StringComparison.OrdinalIgnoreCase)
        || text.Contains("DeadlineExceeded", StringComparison.Ordinal);

    /// <summary>The message of the engine's error.</summary>
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

    /// <summary>The same error, with the API call that failed.</summary>
    private static SwarmOpsException InCall(SwarmOpsException known, Exception exception) =>
        known.Kind != ErrorKind.Connection
        || EngineCall.Of(exception) is not { } call
        || call.EndsWith("/_ping", StringComparison.Ordinal)
        || known.Message.Contains(call, StringComparison.Ordinal)
            ? known
            : new SwarmOpsException(
                known.ErrorId,
                known.Kind,
                $"{known.Message.TrimEnd('.')} (during {call}).",
                known.RecommendedAction,
                known.Target,
                known.InnerException
            );

    private static SwarmOpsException FromDial(SwarmNode node, EngineDialException dial)
    {
        const int commandNotFound = 127;
        if (dial.ExitCode is null)
            return ConnectionLost(node, dial);
        if (dial.ExitCode == commandNotFound || dial.Error.Contains("command not found", StringComparison.OrdinalIgnoreCase))
            return EngineNotInstalled(node);
        return dial.Error.Contains("permission denied", StringComparison.OrdinalIgnoreCase)
            ? EngineAccessDenied(node)
            : EngineNotRunning(node, dial.Error);
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

    private static string ForNode(SwarmNode? node, string sentence) =>
        node is null ? char.ToUpperInvariant(sentence[0]) + sentence[1..] : $"For '{node.Name}', {sentence}";

    private static string PassphraseOf(SwarmNode? node) => node is null ? "-NewKeyPassphrase" : "-KeyPassphrase";

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
