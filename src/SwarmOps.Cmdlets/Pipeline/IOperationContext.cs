using SwarmOps.Transport;

namespace SwarmOps.Pipeline;

/// <summary>What an operation needs from its caller: connections, output, confirmation and cancellation. A cmdlet in production, a plain object in tests.</summary>
internal interface IOperationContext
{
    /// <summary>Cancelled when the user presses Ctrl+C or the pipeline ends.</summary>
    CancellationToken CancellationToken { get; }

    /// <summary>The connection to a node, shared with every other stage of the pipeline; not opened until it is used.</summary>
    /// <exception cref="SwarmOpsException"><c>NodeHasNoEndpoint</c>, <c>DockerHostInvalid</c>.</exception>
    INodeConnection Connection(SwarmNode node);

    /// <summary>
    /// Keeps the connections open for cleanup: after Ctrl+C the prompt returns before the cleanup ends, which would close them.
    /// </summary>
    /// <returns>Dispose it when the cleanup is complete; null where nothing closes the connections.</returns>
    IDisposable? HoldConnections() => null;

    /// <summary>Writes a verbose line.</summary>
    void WriteVerbose(string message);

    /// <summary>Writes a warning.</summary>
    void WriteWarning(string message);

    /// <summary>Writes the error of one node (or another single object); work on the others continues.</summary>
    void WriteError(SwarmOpsException error);

    /// <summary>Shows the progress of a long step.</summary>
    void WriteProgress(OperationProgress progress);

    /// <summary>Writes an object to the pipeline.</summary>
    void WriteObject(object value);

    /// <summary>Writes one of very many objects to the pipeline; waits while the next cmdlet is behind, so that few are in memory.</summary>
    /// <exception cref="OperationCanceledException">The cmdlet was stopped.</exception>
    Task WriteObjectAsync(object value)
    {
        WriteObject(value);
        return Task.CompletedTask;
    }

    /// <summary>Asks before a change: false under <c>-WhatIf</c>, or when the user says no.</summary>
    Task<bool> ShouldProcessAsync(string target, string action);

    /// <summary>
    /// Whether a confirmation was answered by <c>-WhatIf</c>: the work then goes on to show what depends on it. After a no of the user it does not ask about that any more.
    /// </summary>
    bool IsWhatIf { get; }

    /// <summary>Asks a question that <c>$ConfirmPreference</c> does not suppress; callers skip it when <c>-Force</c> is specified.</summary>
    /// <exception cref="InvalidOperationException">The session is not interactive.</exception>
    Task<bool> ShouldContinueAsync(string query, string caption);

    /// <summary>Names the lock of what the cmdlet is about to change; the first confirmed change takes it (<see cref="ChangeScope"/>).</summary>
    void Guard(IChangeLock changeLock) { }

    /// <summary>Takes the lock for a change that needs no confirmation of its own, or was confirmed before.</summary>
    Task LockAsync() => Task.CompletedTask;

    /// <summary>Whether a lock is held.</summary>
    /// <param name="key">The lock's <see cref="IChangeLock.Key"/>.</param>
    bool Holds(string key) => false;

    /// <summary>The swarm is about to be dissolved, and its lock with it: from here on the lock is neither renewed nor confirmed.</summary>
    void LetLockLapse() { }
}
