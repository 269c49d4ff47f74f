using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.InteropServices;

namespace SwarmOps.Host;

/// <summary>Runs one script or command line in a runspace of its own, draws what it emits, and says how it ended.</summary>
internal sealed class ScriptRunner : IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly EmbeddedUserInterface userInterface;
    private readonly EmbeddedHost host;
    private readonly Runspace runspace;
    private readonly OutputFormatter formatter;
    private readonly Pipeline pipeline;
    private readonly List<PosixSignalRegistration> signals = [];
    private int signalExitCode;

    /// <summary>Opens the runspace and prepares the script.</summary>
    public ScriptRunner(HostArguments arguments)
    {
        userInterface = new EmbeddedUserInterface(arguments.NonInteractive, stopping.Token);
        host = new EmbeddedHost(userInterface);
        runspace = RunspaceFactory.CreateRunspace(host, InitialSessionState.CreateDefault2());
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        runspace.Open();
        Runspace.DefaultRunspace = runspace;
        formatter = new OutputFormatter();
        pipeline = arguments.Mode == HostMode.File ? CreateFilePipeline(arguments) : CreateCommandPipeline(arguments);
    }

    /// <summary>Runs the script.</summary>
    /// <returns>The exit code of the process.</returns>
    public int Run()
    {
        // The numbers are POSIX's; Windows has Ctrl+C only, which .NET maps to SIGINT.
        Watch(PosixSignal.SIGINT, 2);
        Watch(PosixSignal.SIGTERM, 15);
        Watch(PosixSignal.SIGHUP, 1);

        var code = Invoke();
        formatter.Complete();
        userInterface.ClearProgress();
        return signalExitCode != 0 ? signalExitCode : code;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        signals.ForEach(signal => signal.Dispose());
        pipeline.Dispose();
        formatter.Dispose();
        runspace.Dispose();
        stopping.Dispose();
    }

    private int Invoke()
    {
        try
        {
            pipeline.Input.Close();
            pipeline.Invoke();
            if (host.RequestedExitCode is int requested)
                return requested;
            return runspace.SessionStateProxy.GetVariable("?") is true ? ExitCode.Success : ExitCode.Failure;
        }
        catch (PipelineStoppedException)
        {
            return ExitCode.Failure;
        }
        catch (RuntimeException failure)
        {
            // The record inside has lost its exception's stack; this one keeps both.
            formatter.Draw(new ErrorRecord(failure.ErrorRecord, failure));
            return ExitCode.Failure;
        }
    }

    private Pipeline CreateFilePipeline(HostArguments arguments)
    {
        var command = new Command(arguments.Script, isScript: false, useLocalScope: false);
        foreach (var argument in arguments.ScriptArguments)
            command.Parameters.Add(argument);

        var script = runspace.CreatePipeline();
        script.Commands.Add(command);
        EngineInternals.LetExitEndTheProgram(runspace);
        return Connect(script);
    }

    // In the history: only then does the engine keep the value of $? that the last command left.
    private Pipeline CreateCommandPipeline(HostArguments arguments) => Connect(runspace.CreatePipeline(arguments.Script, addToHistory: true));

    private Pipeline Connect(Pipeline script)
    {
        // Errors travel to the formatter in line with the output: the order on the screen is the order of events.
        script.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        script.Output.DataReady += (_, _) =>
        {
            foreach (var item in script.Output.NonBlockingRead())
                formatter.Draw(item);
        };
        return script;
    }

    private void Watch(PosixSignal signal, int number) =>
        signals.Add(PosixSignalRegistration.Create(signal, context => Stop(context, number)));

    private void Stop(PosixSignalContext context, int number)
    {
        // The first signal lets finally blocks run; a second one, of somebody in a hurry, ends the process at once.
        if (Interlocked.CompareExchange(ref signalExitCode, ExitCode.SignalBase + number, 0) != 0)
            return;

        context.Cancel = true;
        stopping.Cancel();
        pipeline.StopAsync();
    }
}
