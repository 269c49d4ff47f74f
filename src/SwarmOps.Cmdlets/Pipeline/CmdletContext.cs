using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Host;
using SwarmOps.Completion;
using SwarmOps.Transport;

namespace SwarmOps.Pipeline;

/// <summary>Lets an operation write through a cmdlet, on the thread on which PowerShell allows it.</summary>
internal sealed class CmdletContext(
    Cmdlet cmdlet,
    PipelineThread thread,
    ConnectionPool connections,
    ConnectionOptions options,
    ConcurrentDictionary<string, SwarmNode> asked,
    CancellationToken cancellationToken
) : IOperationContext
{
    // Used on the pipeline thread only.
    private readonly Dictionary<int, string> openProgress = [];

    public CancellationToken CancellationToken => cancellationToken;

    public INodeConnection Connection(SwarmNode node)
    {
        asked.TryAdd(NodeFinder.EndpointOf(node), node);
        return connections.Get(node, options);
    }

    public IDisposable? HoldConnections() => connections.Hold();

    public void WriteVerbose(string message) => thread.Post(() => cmdlet.WriteVerbose(message));

    public void WriteWarning(string message) => thread.Post(() => cmdlet.WriteWarning(message));

    public void WriteError(SwarmOpsException error) => thread.Post(() => cmdlet.WriteError(ErrorRecords.From(error)));

    public void WriteObject(object value) => thread.Post(() => cmdlet.WriteObject(value));

    public Task WriteObjectAsync(object value) => thread.PostAsync(() => cmdlet.WriteObject(value), cancellationToken);

    public void WriteProgress(OperationProgress progress) => thread.Post(() => Show(progress));

    public bool IsWhatIf { get; private set; }

    public Task<bool> ShouldProcessAsync(string target, string action) =>
        thread.AskAsync(
            () =>
            {
                // The words of ShouldProcess(target, action), which does not tell -WhatIf from a no.
                var words = $"Performing the operation \"{Sentence(action)}\" on target \"{target}\".";
                var agreed = cmdlet.ShouldProcess(words, null, null, out var reason);
                IsWhatIf |= reason == ShouldProcessReason.WhatIf;
                return agreed;
            },
            cancellationToken
        );

    public async Task<bool> ShouldContinueAsync(string query, string caption)
    {
        var (answer, cause) = await thread
            .AskAsync<(bool, Exception?)>(
                () =>
                {
                    try
                    {
                        return (cmdlet.ShouldContinue(query, caption), null);
                    }
                    catch (Exception exception) when (exception is HostException or PSInvalidOperationException or NotImplementedException)
                    {
                        // -NonInteractive, or a host without a prompt.
                        return (false, exception);
                    }
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        return cause is null ? answer : throw new InvalidOperationException(cause.Message, cause);
    }

    /// <summary>Completes the progress records that the work left open, so that they do not stay on the screen. Called on the pipeline thread.</summary>
    public void CloseProgress()
    {
        foreach (var (id, activity) in openProgress.ToArray())
            Show(new OperationProgress(id, activity, "Done", Completed: true));
    }

    /// <summary>The action with a capital letter, since PowerShell quotes it as a title: Performing the operation "Remove File".</summary>
    private static string Sentence(string action) => char.ToUpperInvariant(action[0]) + action[1..];

    private void Show(OperationProgress progress)
    {
        if (progress.Completed)
            openProgress.Remove(progress.Id);
        else
            openProgress[progress.Id] = progress.Activity;
        cmdlet.WriteProgress(
            new ProgressRecord(progress.Id, progress.Activity, progress.Status)
            {
                ParentActivityId = progress.Id == 0 ? -1 : 0,
                PercentComplete = progress.PercentComplete,
                RecordType = progress.Completed ? ProgressRecordType.Completed : ProgressRecordType.Processing,
            }
        );
    }
}
