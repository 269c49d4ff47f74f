using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace SwarmOps.Tests.Lab;

/// <summary>A PowerShell session with the staged module, in the real engine, under the strictest settings.</summary>
public sealed class Session : IDisposable
{
    private readonly Runspace runspace;

    public Session()
    {
        runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        Run($"Set-StrictMode -Version Latest; Import-Module '{Repository.Module}'").ThrowOnError();
    }

    /// <summary>Runs a script; errors, warnings and objects come back.</summary>
    public Outcome Run(string script, params (string Name, object? Value)[] variables)
    {
        using var shell = Create(script, variables);
        return Invoke(shell);
    }

    /// <summary>A shell that can be stopped while it runs.</summary>
    public PowerShell Create(string script, params (string Name, object? Value)[] variables)
    {
        foreach (var (name, value) in variables)
            runspace.SessionStateProxy.SetVariable(name, value);
        var shell = PowerShell.Create(runspace);
        shell.AddScript(script, useLocalScope: false);
        return shell;
    }

    /// <summary>Describes the lab's hosts to the module, as an admin would.</summary>
    public IReadOnlyList<SwarmNode> Nodes(LabFixture lab) => [.. lab.Hosts.Select(Node)];

    public SwarmNode Node(LabHost host) =>
        (SwarmNode)
            Run(
                    "New-SwarmNode -Name $h.Name -Region $h.Region -PublicAddress $h.PublicAddress -PrivateAddress $h.PrivateAddress -User $h.User -Port $h.SshPort -KeyFilePath $h.KeyFile -HostKeyFingerprint $h.HostKeyFingerprint",
                    ("h", host)
                )
                .ThrowOnError()
                .Objects.Single();

    public void Dispose() => runspace.Dispose();

    private static Outcome Invoke(PowerShell shell)
    {
        var objects = new List<object>();
        ErrorRecord? terminating = null;
        try
        {
            objects.AddRange(shell.Invoke().Select(item => item.BaseObject));
        }
        catch (RuntimeException exception)
        {
            terminating = exception.ErrorRecord;
        }

        var outcome = new Outcome(
            objects,
            terminating is null ? [.. shell.Streams.Error] : [.. shell.Streams.Error, terminating],
            [.. shell.Streams.Warning.Select(record => record.Message)],
            [.. shell.Streams.Verbose.Select(record => record.Message)]
        );
        // The runner prints this only for a test that fails: there an id alone does not say what happened.
        foreach (var line in outcome.Explained)
            TestContext.Current.TestOutputHelper?.WriteLine(line);
        return outcome;
    }
}

/// <summary>What a script gave.</summary>
public sealed record Outcome(
    IReadOnlyList<object> Objects,
    IReadOnlyList<ErrorRecord> Errors,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Verbose
)
{
    /// <summary>The ids of the errors, without the cmdlet's name.</summary>
    public IReadOnlyList<string> ErrorIds => [.. Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0])];

    public IReadOnlyList<SwarmNode> Nodes => [.. Objects.OfType<SwarmNode>()];

    /// <summary>The errors with their ids, messages and advice.</summary>
    public IEnumerable<string> Explained =>
        Errors.Select(error => $"{error.FullyQualifiedErrorId}: {error.Exception.Message} [{error.ErrorDetails?.RecommendedAction}]");

    public Outcome ThrowOnError() =>
        Errors.Count == 0 ? this : throw new InvalidOperationException(string.Join(Environment.NewLine, Explained));
}
