using System.Collections;
using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Services.Tasks.Terminal;
using SwarmOps.Swarm.Members;
using SwarmOps.Transport;

namespace SwarmOps.Services.Tasks;

/// <summary>Runs a shell, or another program, with the session's terminal in the container of a running task.</summary>
[Cmdlet(VerbsCommon.Enter, "SwarmTask", SupportsShouldProcess = true, DefaultParameterSetName = TaskParameterSets.Service)]
[OutputType(typeof(void))]
public sealed class EnterSwarmTaskCommand : NodeSetCmdlet
{
    /// <summary>The best shell that the image has.</summary>
    private static readonly string[] AnyShell = ["sh", "-c", "command -v bash >/dev/null 2>&1 && exec bash; exec sh"];

    /// <summary>Name of the service, whose first running task is entered.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = TaskParameterSets.Service)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string Service { get; set; } = "";

    /// <summary>Name or id of the task.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TaskParameterSets.Task)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TaskNameCompleter))]
    public string Task { get; set; } = "";

    /// <summary>The program and its arguments; by default bash, or sh where there is none.</summary>
    [Parameter(Position = 2)]
    [ValidateNotNullOrEmpty]
    public string[] Command { get; set; } = [];

    /// <summary>Name of the node that runs the task; by default any.</summary>
    [Parameter(ParameterSetName = TaskParameterSets.Service)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MemberNameCompleter))]
    public string[] On { get; set; } = [];

    /// <summary>The user to run as in the container: a name or number, with a group after a colon; by default the container's own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? User { get; set; }

    /// <summary>The working directory in the container; by default the container's own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>Further environment variables of the program.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable Environment { get; set; } = [];

    /// <inheritdoc/>
    private protected override void ReadSession()
    {
        // Before any node is asked: a script learns it at once.
        if (!IsPreview && WhyNoTerminal() is { } why)
            ThrowTerminatingError(ErrorRecords.From(TaskErrors.TerminalMissing(why)));
    }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new EnterTaskOperation(
            context,
            Terminals.Open,
            new EnterTaskRequest(
                nodes,
                new TaskSelection
                {
                    Services = NameFilters.From(Service.Length > 0 ? [Service] : []),
                    Tasks = NameFilters.From(Task.Length > 0 ? [Task] : []),
                    Places = NameFilters.From(On),
                    Any = Service.Length > 0,
                },
                new ContainerProgram(Command.Length > 0 ? Command : AnyShell)
                {
                    HasTerminal = true,
                    User = User,
                    Directory = WorkingDirectory,
                    Environment = Variables(),
                }
            )
            {
                ThrottleLimit = ThrottleLimit,
                ExitAsync = code => OnPipelineThreadAsync(() => SessionState.PSVariable.Set("global:LASTEXITCODE", code)),
            }
        ).RunAsync();

    private bool IsPreview =>
        MyInvocation.BoundParameters.TryGetValue("WhatIf", out var value) && value is SwitchParameter { IsPresent: true };

    private string? WhyNoTerminal() =>
        Host.Name == "ServerRemoteHost" ? "a remote session has none that takes single keys" : Terminals.WhyNone();

    private Dictionary<string, string> Variables()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["TERM"] = System.Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } terminal ? terminal : "xterm-256color",
        };
        foreach (var (name, value) in NameFilters.Labels(Environment))
            variables[name] = value;
        return variables;
    }
}
