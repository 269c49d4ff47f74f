using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;

namespace SwarmOps.Tests.Unit;

/// <summary>A real PowerShell session with the probe cmdlets.</summary>
internal sealed class PipelineSession : IDisposable
{
    private readonly Runspace runspace;

    public PipelineSession(PSHost? host = null)
    {
        var state = InitialSessionState.CreateDefault2();
        state.Commands.Add(new SessionStateCmdletEntry("Test-Voice", typeof(TestVoiceCommand), null));
        state.Commands.Add(new SessionStateCmdletEntry("Wait-Probe", typeof(WaitProbeCommand), null));
        state.Commands.Add(new SessionStateCmdletEntry("Set-Probe", typeof(SetProbeCommand), null));
        state.Commands.Add(new SessionStateCmdletEntry("Invoke-Failure", typeof(InvokeFailureCommand), null));
        state.Commands.Add(new SessionStateCmdletEntry("Get-Stream", typeof(GetStreamCommand), null));
        state.Commands.Add(new SessionStateCmdletEntry("Sync-Vault", typeof(SyncVaultCommand), null));
        state.Commands.Add(new SessionStateCmdletEntry("Get-Engine", typeof(GetEngineCommand), null));
        runspace = host is null ? RunspaceFactory.CreateRunspace(state) : RunspaceFactory.CreateRunspace(host, state);
        runspace.Open();
        using var strict = Create("Set-StrictMode -Version Latest");
        strict.Invoke();
    }

    public PowerShell Create(string script, params (string Name, object? Value)[] variables)
    {
        foreach (var (name, value) in variables)
            runspace.SessionStateProxy.SetVariable(name, value);
        var shell = PowerShell.Create(runspace);
        shell.AddScript(script, useLocalScope: false);
        return shell;
    }

    public void Dispose() => runspace.Dispose();
}
