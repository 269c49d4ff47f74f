using System.Management.Automation;
using System.Management.Automation.Runspaces;
using SwarmOps.Aws;

namespace SwarmOps.Tests.Unit;

/// <summary>A real PowerShell session with the cmdlets for EC2, which cannot reach the account of whoever runs the tests.</summary>
internal sealed class AwsSession : IDisposable
{
    private readonly Runspace runspace;

    public AwsSession()
    {
        var state = InitialSessionState.CreateDefault2();
        foreach (
            var type in typeof(AwsAccountCmdlet)
                .Assembly.GetExportedTypes()
                .Where(type => type.IsSubclassOf(typeof(AwsAccountCmdlet)) && !type.IsAbstract)
        )
        {
            var name = (CmdletAttribute)Attribute.GetCustomAttribute(type, typeof(CmdletAttribute))!;
            state.Commands.Add(new SessionStateCmdletEntry($"{name.VerbName}-{name.NounName}", type, null));
        }

        runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        Run("Set-StrictMode -Version Latest");
    }

    /// <summary>Runs a script with variables of the session.</summary>
    public AwsOutcome Run(string script, params (string Name, object? Value)[] variables)
    {
        foreach (var (name, value) in variables)
            runspace.SessionStateProxy.SetVariable(name, value);
        using var shell = PowerShell.Create(runspace);
        shell.AddScript(script, useLocalScope: false);
        var objects = new List<object>();
        ErrorRecord? terminating = null;
        try
        {
            objects.AddRange(shell.Invoke().Select(item => item.BaseObject is PSCustomObject ? item : item.BaseObject));
        }
        catch (RuntimeException exception)
        {
            terminating = exception.ErrorRecord;
        }

        return new AwsOutcome(
            objects,
            terminating is null ? [.. shell.Streams.Error] : [.. shell.Streams.Error, terminating],
            [.. shell.Streams.Warning.Select(record => record.Message)],
            [.. shell.Streams.Verbose.Select(record => record.Message)]
        );
    }

    /// <summary>Runs a script in which <c>$aws</c> is a splat with the parameters for a server.</summary>
    public AwsOutcome RunOn(Uri server, string script, params (string Name, object? Value)[] variables)
    {
        Run("$aws = @{ EndpointUrl = $server; AccessKey = 'test'; SecretKey = 'test' }", ("server", server));
        return Run(script, variables);
    }

    public void Dispose() => runspace.Dispose();
}

/// <summary>What a script gave.</summary>
internal sealed record AwsOutcome(
    IReadOnlyList<object> Objects,
    IReadOnlyList<ErrorRecord> Errors,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Verbose
)
{
    /// <summary>The ids of the errors, without the cmdlet's name.</summary>
    public IReadOnlyList<string> ErrorIds => [.. Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0])];

    public IReadOnlyList<SwarmNode> Nodes => [.. Objects.OfType<SwarmNode>()];

    public AwsOutcome ThrowOnError() =>
        Errors.Count == 0
            ? this
            : throw new InvalidOperationException(
                string.Join(
                    Environment.NewLine,
                    Errors.Select(error => $"{error.FullyQualifiedErrorId}: {error.Exception} [{error.ErrorDetails?.RecommendedAction}]")
                )
            );
}
