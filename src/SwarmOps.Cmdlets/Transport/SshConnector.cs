using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Polly;
using Polly.Retry;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Messages.Transport;

namespace SwarmOps.Transport;

/// <summary>Opens SSH connections to one node: verifies its host key, authenticates, and retries transient failures.</summary>
internal sealed class SshConnector(SwarmNode node, EngineEndpoint endpoint, ConnectionOptions options)
{
    /// <summary>An sshd that restarts or limits connections refuses for a moment; no other failure is worth a retry.</summary>
    private static readonly ResiliencePipeline Retry = new ResiliencePipelineBuilder()
        .AddRetry(
            new RetryStrategyOptions
            {
                MaxRetryAttempts = 3,
                Delay = TimeSpan.FromMilliseconds(300),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = new PredicateBuilder().Handle<SocketException>(IsTransient).Handle<SshConnectionException>(IsTransient),
            }
        )
        .Build();

    /// <summary>The SSH user: the endpoint's, else the credential's, else this machine's.</summary>
    public string User { get; } = endpoint.User ?? options.Credential?.Password?.UserName ?? Environment.UserName;

    /// <summary>Opens a connection.</summary>
    /// <exception cref="SwarmOpsException">Any of <see cref="TransportErrors"/> about SSH, or a cancellation; nothing else.</exception>
    public async Task<SshClient> ConnectAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.ConnectTimeout);
        var passwordSent = new StrongBox<bool>();
        try
        {
            return await Retry
                .ExecuteAsync(async token => await ConnectOnceAsync(passwordSent, token).ConfigureAwait(false), timeout.Token)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw TransportErrors.NodeUnreachable(node, $"no answer within {options.ConnectTimeout.TotalSeconds:0} s", null);
        }
        catch (Exception exception)
            when (exception
                    is SshException
                        or SocketException
                        or InvalidOperationException
                        or IOException
                        or ArgumentException
                        or FormatException
            )
        {
            throw TransportErrors.FromConnect(node, exception);
        }
    }

    private static bool IsTransient(SocketException exception) =>
        exception.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset or SocketError.TryAgain;

    private static bool IsTransient(SshConnectionException exception) =>
        exception.DisconnectReason is DisconnectReason.None or DisconnectReason.ConnectionLost or DisconnectReason.TooManyConnections;

    /// <summary>A pinned fingerprint does not tell the type of its key: when the server shows another key, the other types are requested in turn.</summary>
    private async Task<SshClient> ConnectOnceAsync(StrongBox<bool> passwordSent, CancellationToken cancellationToken)
    {
        var verifier = HostKeyVerifier.For(node, endpoint);
        SwarmOpsException? refusal = null;
        SshConnectionException? failure = null;
        foreach (var algorithms in verifier.AlgorithmChoices)
        {
            try
            {
                return await TryConnectAsync(verifier, algorithms, passwordSent, cancellationToken).ConfigureAwait(false);
            }
            catch (SshConnectionException exception)
                when (verifier.Refusal is not null || exception.DisconnectReason == DisconnectReason.KeyExchangeFailed)
            {
                // The host key was rejected, or the server has none of these types. The first reason is reported: it concerns the preferred type.
                refusal ??= verifier.Refusal;
                failure ??= exception;
            }
            catch (Exception exception) when (passwordSent.Value && exception is SshException or SocketException)
            {
                // Whatever failed: a retry would send the password again.
                throw TransportErrors.FromConnect(node, exception);
            }
        }

        throw refusal ?? TransportErrors.SshHandshakeFailed(node, failure!);
    }

    private async Task<SshClient> TryConnectAsync(
        HostKeyVerifier verifier,
        IReadOnlyList<string> algorithms,
        StrongBox<bool> passwordSent,
        CancellationToken cancellationToken
    )
    {
        var methods = SshKeys.AuthenticationMethods(node, User, options.Credential, passwordSent);
        var client = new SshClient(CreateConnectionInfo(methods, algorithms));
        client.HostKeyReceived += (_, received) => received.CanTrust = verifier.IsTrusted(received.HostKeyName, received.HostKey);
        return await DedicatedThread.MakeAsync(() => Connect(client, methods), cancellationToken).ConfigureAwait(false);
    }

    private static SshClient Connect(SshClient client, IEnumerable<AuthenticationMethod> methods)
    {
        try
        {
            client.Connect();
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
        finally
        {
            // Keys and passwords are not needed any longer.
            foreach (var method in methods.OfType<IDisposable>())
                method.Dispose();
        }
    }

    private ConnectionInfo CreateConnectionInfo(AuthenticationMethod[] methods, IReadOnlyList<string> algorithms)
    {
        var info = new ConnectionInfo(endpoint.Host, endpoint.Port, User, methods) { Timeout = options.ConnectTimeout };
        var all = info.HostKeyAlgorithms.ToDictionary(StringComparer.Ordinal);
        info.HostKeyAlgorithms.Clear();
        foreach (var algorithm in algorithms.Where(all.ContainsKey))
            info.HostKeyAlgorithms.Add(algorithm, all[algorithm]);
        RemoveWeak(info.KeyExchangeAlgorithms);
        PreferQuick(info.KeyExchangeAlgorithms);
        RemoveWeak(info.Encryptions);
        RemoveWeak(info.HmacAlgorithms);
        return info;
    }

    /// <summary>
    /// Moves sntrup761 to the end: in SSH.NET it takes 100 ms of processor time for each connection, curve25519 6 ms. Post-quantum key exchange remains first with
    /// servers that have mlkem768 (OpenSSH 9.9 and later).
    /// </summary>
    private static void PreferQuick<T>(IDictionary<string, T> algorithms)
    {
        foreach (var (name, algorithm) in algorithms.Where(entry => entry.Key.StartsWith("sntrup", StringComparison.Ordinal)).ToList())
        {
            algorithms.Remove(name);
            algorithms.Add(name, algorithm);
        }
    }

    /// <summary>Removes what OpenSSH's client no longer offers either: SHA-1 and CBC ciphers.</summary>
    private static void RemoveWeak<T>(IDictionary<string, T> algorithms)
    {
        foreach (
            var name in algorithms
                .Keys.Where(name => name.Contains("sha1", StringComparison.Ordinal) || name.Contains("-cbc", StringComparison.Ordinal))
                .ToList()
        )
            algorithms.Remove(name);
    }
}
