using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Security;
using SwarmOps.Transport;

namespace SwarmOps.Pipeline;

/// <summary>
/// What every cmdlet inherits: asynchronous work that Ctrl+C cancels, connections shared with the other stages of the pipeline,
/// and errors that carry their id and the next step.
/// </summary>
public abstract class SwarmCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly CallLedger ledger = new();
    private ConnectionPool? connections;
    private bool disposed;

    /// <summary>User name and password for nodes that take SSH passwords. A key is better.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Text of the SSH private key (OpenSSH or PEM), for keys that come from a vault and not from a file.</summary>
    [Parameter]
    public SecureString? PrivateKey { get; set; }

    /// <summary>Passphrase of the SSH private key.</summary>
    [Parameter]
    public SecureString? KeyPassphrase { get; set; }

    /// <summary>How long connecting to one node may take, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int ConnectionTimeoutSeconds { get; set; } = 15;

    /// <summary>Cancels the work; the prompt comes back.</summary>
    protected sealed override void StopProcessing()
    {
        // Not Cancel(): what reacts to it must not run on, or hold up, the thread of Ctrl+C.
        _ = stopping.CancelAsync();
    }

    /// <inheritdoc/>
    protected sealed override void BeginProcessing()
    {
        connections = ConnectionPool.Lease(Runspace.DefaultRunspace?.InstanceId ?? Guid.Empty);
        Run(BeginAsync);
    }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Run(ProcessAsync);

    /// <inheritdoc/>
    protected sealed override void EndProcessing()
    {
        Run(EndAsync);
        foreach (var (node, calls) in ledger.Summary())
            WriteVerbose($"{node}: {calls}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the stage's share of the connections back; the last stage closes them.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposed || !disposing)
            return;
        disposed = true;
        // Never disposed itself: Ctrl+C may come at any moment, and without a timer there is nothing in it to free.
        stopping.Cancel();
        connections?.Release();
    }

    /// <summary>Work before the first object.</summary>
    private protected virtual Task BeginAsync(IOperationContext context) => Task.CompletedTask;

    /// <summary>Work for each object of the pipeline.</summary>
    private protected virtual Task ProcessAsync(IOperationContext context) => Task.CompletedTask;

    /// <summary>Work after the last object.</summary>
    private protected virtual Task EndAsync(IOperationContext context) => Task.CompletedTask;

    /// <summary>The credential parameters as one; null when none was given.</summary>
    private protected NodeCredential? GivenCredential => Credential is null && PrivateKey is null && KeyPassphrase is null
        ? null
        : new NodeCredential { Password = Credential, PrivateKey = PrivateKey, KeyPassphrase = KeyPassphrase };

    private void Run(Func<IOperationContext, Task> stage)
    {
        using var thread = new PipelineThread();
        var context = new CmdletContext(this, thread, connections!, new ConnectionOptions(GivenCredential, TimeSpan.FromSeconds(ConnectionTimeoutSeconds)), stopping.Token);
        try
        {
            thread.Run(
                () =>
                {
                    CallLedger.Current = ledger;
                    return stage(context);
                },
                stopping);
        }
        catch (Exception exception) when (stopping.IsCancellationRequested && exception is OperationCanceledException or SwarmOpsException)
        {
            // However the work put it: it ended because it was told to.
            throw new PipelineStoppedException();
        }
        catch (SwarmOpsException exception)
        {
            ThrowTerminatingError(ErrorRecords.From(exception));
        }
    }
}
