using SwarmOps.Transport;

namespace SwarmOps.Pipeline;

/// <summary>What an operation may ask of whoever runs it: connections, a voice, consent, and to be stopped. A cmdlet in life, a plain object in tests.</summary>
internal interface IOperationContext
{
    /// <summary>Cancelled when the user presses Ctrl+C or the pipeline ends.</summary>
    CancellationToken CancellationToken { get; }

    /// <summary>The connection to a node, shared with every other stage of the pipeline; not opened until it is used.</summary>
    /// <exception cref="SwarmOpsException"><c>NodeHasNoEndpoint</c>, <c>DockerHostInvalid</c>.</exception>
    INodeConnection Connection(SwarmNode node);

    /// <summary>
    /// Keeps the connections open for what must still be put right: after Ctrl+C the prompt comes back before that is done, and with the prompt they would be closed.
    /// </summary>
    /// <returns>Dispose it when all is put right; null where nothing closes them.</returns>
    IDisposable? HoldConnections() => null;

    /// <summary>Says something for <c>-Verbose</c>.</summary>
    void WriteVerbose(string message);

    /// <summary>Warns.</summary>
    void WriteWarning(string message);

    /// <summary>Reports an error of one node (or another single object); the others go on.</summary>
    void WriteError(SwarmOpsException error);

    /// <summary>Shows how far a long step is.</summary>
    void WriteProgress(OperationProgress progress);

    /// <summary>Gives an object to the next stage.</summary>
    void WriteObject(object value);

    /// <summary>Gives one of very many objects to the next stage: waits while that is behind, so that memory holds a few of them.</summary>
    /// <exception cref="OperationCanceledException">The stage is to end.</exception>
    Task WriteObjectAsync(object value)
    {
        WriteObject(value);
        return Task.CompletedTask;
    }

    /// <summary>Asks before a change: false under <c>-WhatIf</c>, or when the user says no.</summary>
    Task<bool> ShouldProcessAsync(string target, string action);

    /// <summary>Asks a question of its own that <c>$ConfirmPreference</c> does not answer; the cmdlet's <c>-Force</c> does, before this is called.</summary>
    /// <exception cref="InvalidOperationException">The session cannot ask.</exception>
    Task<bool> ShouldContinueAsync(string query, string caption);

    /// <summary>Says what the stage is about to change: whoever holds its lock may, and the first consent takes it (<see cref="ChangeScope"/>).</summary>
    void Guard(IChangeLock changeLock)
    {
    }

    /// <summary>Takes the lock for a change that is asked for nowhere else, or was agreed to before.</summary>
    Task LockAsync() => Task.CompletedTask;

    /// <summary>The swarm is about to end, and with it the place of its lock: from here on the lock is neither renewed nor asked for.</summary>
    void LetLockLapse()
    {
    }
}
