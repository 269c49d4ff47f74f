using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Polly;
using Polly.Retry;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Messages.Transport;

namespace SwarmOps.Transport;

/// <summary>Opens SSH connections to one node: checks its host key, authenticates, repeats what is transient.</summary>
internal sealed class SshConnector(SwarmNode node, EngineEndpoint endpoint, ConnectionOptions options)
{
    /// <summary>A host whose sshd restarts (or sheds connections) refuses for a moment; nothing else is worth repeating.</summary>
    private static readonly ResiliencePipeline Retry = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = 3,
            Delay = TimeSpan.FromMilliseconds(300),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = new PredicateBuilder().Handle<SocketException>(IsTransient).Handle<SshConnectionException>(IsTransient),
        })
        .Build();

    /// <summary>The SSH user: the endpoint's, else the credential's, else this machine's.</summary>
    public string User { get; } = endpoint.User ?? options.Credential?.Password?.UserName ?? Environment.UserName;

    /// <summary>Opens a connection.</summary>
    /// <exception cref="SwarmOpsException">Any of <see cref="TransportErrors"/> that speaks of SSH, and nothing else but a cancellation.</exception>
    public async Task<SshClient> ConnectAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.ConnectTimeout);
        var passwordSent = new StrongBox<bool>();
        try
        {
            return await Retry.ExecuteAsync(async token => await ConnectOnceAsync(passwordSent, token).ConfigureAwait(false), timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw TransportErrors.NodeUnreachable(node, $"no answer within {options.ConnectTimeout.TotalSeconds:0} s", null);
        }
        catch (Exception exception) when (exception is SshException or SocketException or InvalidOperationException or IOException or ArgumentException or FormatException)
        {
            throw TransportErrors.FromConnect(node, exception);
        }
    }

    private static bool IsTransient(SocketException exception) =>
        exception.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset or SocketError.TryAgain;

    private static bool IsTransient(SshConnectionException exception) =>
        exception.DisconnectReason is DisconnectReason.None or DisconnectReason.ConnectionLost or DisconnectReason.TooManyConnections;

    /// <summary>A pinned fingerprint does not say of which type its key is: where the server shows another, the other types are asked for in turn.</summary>
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
            catch (SshConnectionException exception) when (verifier.Refusal is not null || exception.DisconnectReason == DisconnectReason.KeyExchangeFailed)
            {
                // The host key was refused, or the server has none of these types. The first reason is the one to tell: it is about the preferred type.
                refusal ??= verifier.Refusal;
                failure ??= exception;
            }
            catch (Exception exception) when (passwordSent.Value && exception is SshException or SocketException)
            {
                // Whatever it was: to try again would send the password again.
                throw TransportErrors.FromConnect(node, exception);
            }
        }

        throw refusal ?? TransportErrors.SshHandshakeFailed(node, failure!);
    }

    private async Task<SshClient> TryConnectAsync(HostKeyVerifier verifier, IReadOnlyList<string> algorithms, StrongBox<bool> passwordSent, CancellationToken cancellationToken)
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
            // Keys and passwords are needed no longer than this.
            foreach (var method in methods.OfType<IDisposable>())
                method.Dispose();
        }
    }

    private ConnectionInfo CreateConnectionInfo(AuthenticationMethod[] methods, IReadOnlyList<string> algorithms)
    {
        var info = new ConnectionInfo(endpoint.Host, endpoint.Port, User, methods)
        {
            Timeout = options.ConnectTimeout,
        };
        var all = info.HostKeyAlgorithms.ToDictionary(StringComparer.Ordinal);
        info.HostKeyAlgorithms.Clear();
        foreach (var algorithm in algorithms.Where(all.ContainsKey))
            info.HostKeyAlgorithms.Add(algorithm, all[algorithm]);
        RemoveWeak(info.KeyExchangeAlgorithms);
        RemoveWeak(info.Encryptions);
        RemoveWeak(info.HmacAlgorithms);
        return info;
    }

    /// <summary>What OpenSSH's own client no longer offers either: SHA-1 and ciphers in CBC mode.</summary>
    private static void RemoveWeak<T>(IDictionary<string, T> algorithms)
    {
        foreach (var name in algorithms.Keys.Where(name => name.Contains("sha1", StringComparison.Ordinal) || name.Contains("-cbc", StringComparison.Ordinal)).ToList())
            algorithms.Remove(name);
    }
}
