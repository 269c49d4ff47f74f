using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.InteropServices;

namespace SwarmOps.Host;

/// <summary>Runs one script or command line in a runspace of its own, draws what it emits, and says how it ended.</summary>
internal sealed class ScriptRunner : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly EmbeddedUserInterface _userInterface;
    private readonly EmbeddedHost _host;
    private readonly Runspace _runspace;
    private readonly OutputFormatter _formatter;
    private readonly Pipeline _pipeline;
    private readonly List<PosixSignalRegistration> _signals = [];
    private int _signalExitCode;

    /// <summary>Opens the runspace and prepares the script.</summary>
    public ScriptRunner(HostArguments arguments)
    {
        _userInterface = new EmbeddedUserInterface(arguments.NonInteractive, _stopping.Token);
        _host = new EmbeddedHost(_userInterface);
        _runspace = RunspaceFactory.CreateRunspace(_host, InitialSessionState.CreateDefault2());
        _runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        _runspace.Open();
        Runspace.DefaultRunspace = _runspace;
        _formatter = new OutputFormatter();
        _pipeline = arguments.Mode == HostMode.File ? CreateFilePipeline(arguments) : CreateCommandPipeline(arguments);
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
        _formatter.Complete();
        _userInterface.ClearProgress();
        return _signalExitCode != 0 ? _signalExitCode : code;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _signals.ForEach(signal => signal.Dispose());
        _pipeline.Dispose();
        _formatter.Dispose();
        _runspace.Dispose();
        _stopping.Dispose();
    }

    private int Invoke()
    {
        try
        {
            _pipeline.Input.Close();
            _pipeline.Invoke();
            if (_host.RequestedExitCode is int requested)
                return requested;
            return _runspace.SessionStateProxy.GetVariable("?") is true ? ExitCode.Success : ExitCode.Failure;
        }
        catch (PipelineStoppedException)
        {
            return ExitCode.Failure;
        }
        catch (RuntimeException failure)
        {
            // The record inside has lost its exception's stack; this one keeps both.
            _formatter.Draw(new ErrorRecord(failure.ErrorRecord, failure));
            return ExitCode.Failure;
        }
    }

    private Pipeline CreateFilePipeline(HostArguments arguments)
    {
        var command = new Command(arguments.Script, isScript: false, useLocalScope: false);
        foreach (var argument in arguments.ScriptArguments)
            command.Parameters.Add(argument);

        var pipeline = _runspace.CreatePipeline();
        pipeline.Commands.Add(command);
        EngineInternals.LetExitEndTheProgram(_runspace);
        return Connect(pipeline);
    }

    // In the history: only then does the engine keep the value of $? that the last command left.
    private Pipeline CreateCommandPipeline(HostArguments arguments) => Connect(_runspace.CreatePipeline(arguments.Script, addToHistory: true));

    private Pipeline Connect(Pipeline pipeline)
    {
        // Errors travel to the formatter in line with the output: the order on the screen is the order of events.
        pipeline.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        pipeline.Output.DataReady += (_, _) =>
        {
            foreach (var item in pipeline.Output.NonBlockingRead())
                _formatter.Draw(item);
        };
        return pipeline;
    }

    private void Watch(PosixSignal signal, int number) =>
        _signals.Add(PosixSignalRegistration.Create(signal, context => Stop(context, number)));

    private void Stop(PosixSignalContext context, int number)
    {
        // The first signal lets finally blocks run; a second one, of somebody in a hurry, ends the process at once.
        if (Interlocked.CompareExchange(ref _signalExitCode, ExitCode.SignalBase + number, 0) != 0)
            return;

        context.Cancel = true;
        _stopping.Cancel();
        _pipeline.StopAsync();
    }
}
