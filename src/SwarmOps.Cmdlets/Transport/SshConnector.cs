using System.Net.Sockets;
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
            ShouldHandle = new PredicateBuilder().Handle<SocketException>(IsTransient).Handle<SshConnectionException>(exception => exception.DisconnectReason is DisconnectReason.ConnectionLost or DisconnectReason.TooManyConnections),
        })
        .Build();

    /// <summary>The SSH user: the endpoint's, else the credential's, else this machine's.</summary>
    public string User { get; } = endpoint.User ?? options.Credential?.Password?.UserName ?? Environment.UserName;

    /// <summary>Opens a connection.</summary>
    /// <exception cref="SwarmOpsException"><c>NodeUnreachable</c>, <c>HostKeyUnknown</c>, <c>HostKeyMismatch</c>, <c>SshAuthenticationFailed</c> and the key errors of <see cref="SshKeys"/>.</exception>
    public async Task<SshClient> ConnectAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.ConnectTimeout);
        try
        {
            return await Retry.ExecuteAsync(async token => await ConnectOnceAsync(token).ConfigureAwait(false), timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw TransportErrors.NodeUnreachable(node, $"no answer within {options.ConnectTimeout.TotalSeconds:0} s", null);
        }
    }

    private static bool IsTransient(SocketException exception) =>
        exception.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset or SocketError.TryAgain;

    /// <summary>A pinned fingerprint does not say of which type its key is: where the server shows another, the other types are asked for in turn.</summary>
    private async Task<SshClient> ConnectOnceAsync(CancellationToken cancellationToken)
    {
        var verifier = HostKeyVerifier.For(node, endpoint);
        foreach (var algorithms in verifier.AlgorithmChoices)
        {
            if (await TryConnectAsync(verifier, algorithms, cancellationToken).ConfigureAwait(false) is { } client)
                return client;
        }

        throw verifier.Refusal ?? TransportErrors.NodeUnreachable(node, "SSH found no host key algorithm in common", null);
    }

    private async Task<SshClient?> TryConnectAsync(HostKeyVerifier verifier, IReadOnlyList<string> algorithms, CancellationToken cancellationToken)
    {
        var client = new SshClient(CreateConnectionInfo(algorithms));
        client.HostKeyReceived += (_, received) => received.CanTrust = verifier.IsTrusted(received.HostKeyName, received.HostKey);
        var connecting = DedicatedThread.Start(() =>
        {
            client.Connect();
            return client;
        });
        try
        {
            return await connecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SshConnectionException exception) when (verifier.Refusal is not null || exception.DisconnectReason == DisconnectReason.KeyExchangeFailed)
        {
            client.Dispose();
            return null;
        }
        catch
        {
            _ = connecting.ContinueWith(_ => client.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw;
        }
    }

    private ConnectionInfo CreateConnectionInfo(IReadOnlyList<string> algorithms)
    {
        var info = new ConnectionInfo(endpoint.Host, endpoint.Port, User, SshKeys.AuthenticationMethods(node, User, options.Credential))
        {
            Timeout = options.ConnectTimeout,
            RetryAttempts = 1,
        };
        if (algorithms.Count > 0)
        {
            foreach (var other in info.HostKeyAlgorithms.Keys.Except(algorithms).ToList())
                info.HostKeyAlgorithms.Remove(other);
        }

        return info;
    }
}
