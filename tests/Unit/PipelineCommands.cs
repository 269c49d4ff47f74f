using System.Management.Automation;
using System.Text;
using SwarmOps.Pipeline;
using SwarmOps.Services.Stored;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

/// <summary>What the probes below have seen; a test class clears it first.</summary>
internal static class PipelineLog
{
    private static readonly System.Collections.Concurrent.ConcurrentQueue<string> Entries = new();

    public static IReadOnlyList<string> All => [.. Entries];

    public static void Add(string entry) => Entries.Enqueue(entry);

    public static void Clear() => Entries.Clear();
}

/// <summary>Writes, from many workers at once, everything that a stage can write.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Voice")]
public sealed class TestVoiceCommand : SwarmCmdlet
{
    [Parameter(ValueFromPipeline = true)]
    public int Number { get; set; }

    [Parameter]
    public int Workers { get; set; } = 1;

    private protected override async Task ProcessAsync(IOperationContext context)
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, Workers)
                .Select(worker =>
                    Task.Run(() =>
                    {
                        context.WriteVerbose($"verbose {worker}");
                        context.WriteWarning($"warning {worker}");
                        context.WriteProgress(new OperationProgress(1, "activity", $"status {worker}", 50));
                        context.WriteError(new SwarmOpsException("ProbeError", ErrorKind.Timeout, $"error {worker}", "Do this.", worker));
                        context.WriteObject(Number + worker);
                    })
                )
        );
    }

    private protected override Task EndAsync(IOperationContext context)
    {
        PipelineLog.Add("end");
        return Task.CompletedTask;
    }
}

/// <summary>Waits, obeying cancellation or not.</summary>
[Cmdlet(VerbsLifecycle.Wait, "Probe")]
public sealed class WaitProbeCommand : SwarmCmdlet
{
    [Parameter]
    public SwitchParameter Deaf { get; set; }

    /// <summary>Goes on writing after it was cancelled.</summary>
    [Parameter]
    public SwitchParameter Talkative { get; set; }

    private protected override async Task EndAsync(IOperationContext context)
    {
        context.WriteObject("started");
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(Deaf ? 8 : 60), Deaf ? CancellationToken.None : context.CancellationToken);
        }
        finally
        {
            // What is deaf ends when another test may have begun: only the test that waits for it may hear of it.
            if (!Deaf || Talkative)
                PipelineLog.Add(Deaf ? "deaf ended" : "cancelled");
            if (Talkative)
            {
                context.WriteObject("too late");
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => context.ShouldProcessAsync("target", "too late"));
                PipelineLog.Add("talked");
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        PipelineLog.Add("disposed");
    }
}

/// <summary>Asks before it changes, from workers.</summary>
[Cmdlet(VerbsCommon.Set, "Probe", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
public sealed class SetProbeCommand : SwarmCmdlet
{
    private protected override async Task EndAsync(IOperationContext context)
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(worker => Task.Run(() => context.ShouldProcessAsync($"target {worker}", "change")))
        );
        foreach (var answer in answers)
            context.WriteObject(answer);
        if (context.IsWhatIf)
            context.WriteVerbose("shown only");
    }
}

/// <summary>Takes a secret from the session's vault, or stores one.</summary>
[Cmdlet(VerbsData.Sync, "Vault")]
public sealed class SyncVaultCommand : SwarmCmdlet
{
    private protected override async Task EndAsync(IOperationContext context) =>
        await OnPipelineThreadAsync(() =>
            WriteObject(Encoding.UTF8.GetString(new SecretVault(this, "shop", null).Exchange(Encoding.UTF8.GetBytes("new"))))
        );
}

/// <summary>Fails, in one of several ways, after it has written an object.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Failure")]
public sealed class InvokeFailureCommand : SwarmCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public string How { get; set; } = "";

    private protected override async Task EndAsync(IOperationContext context)
    {
        context.WriteObject("before");
        context.WriteProgress(new OperationProgress(0, "failing", "soon"));
        await Task.Yield();
        throw How switch
        {
            "known" => new SwarmOpsException("ProbeFailed", ErrorKind.Connection, "It failed.", "Do that.", "target"),
            "bug" => new InvalidDataException("a bug"),
            _ => new OperationCanceledException("not by the user"),
        };
    }
}

/// <summary>Emits numbers slowly, to see whether it is stopped.</summary>
[Cmdlet(VerbsCommon.Get, "Stream")]
public sealed class GetStreamCommand : SwarmCmdlet
{
    private protected override async Task EndAsync(IOperationContext context)
    {
        try
        {
            for (var number = 0; number < 1000; number++)
            {
                context.WriteObject(number);
                await Task.Delay(20, context.CancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            PipelineLog.Add("cleaned up");
            throw;
        }
        finally
        {
            PipelineLog.Add("stream ended");
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        PipelineLog.Add("stream disposed");
    }
}

/// <summary>Asks a node's engine what it is called, as a stage would.</summary>
[Cmdlet(VerbsCommon.Get, "Engine")]
public sealed class GetEngineCommand : NodeSetCmdlet
{
    private protected override async Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        var names = await NodeSet.ForEachAsync(
            context,
            nodes,
            ThrottleLimit,
            async node =>
            {
                var connection = context.Connection(node);
                await connection.AskAsync(engine => engine.System.GetVersionAsync(context.CancellationToken), context.CancellationToken);
                return (
                    await connection.AskAsync(engine => engine.System.GetVersionAsync(context.CancellationToken), context.CancellationToken)
                ).Version;
            }
        );
        foreach (var name in names)
            context.WriteObject(name);
    }
}
