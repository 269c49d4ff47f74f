using System.Collections;
using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Members;
using SwarmOps.Transport;

namespace SwarmOps.Services.Tasks;

/// <summary>Runs a command in the containers of running tasks, whatever nodes they are on.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "SwarmTask", SupportsShouldProcess = true, DefaultParameterSetName = TaskParameterSets.Service)]
[OutputType(typeof(SwarmTaskResult), typeof(SwarmLogEntry))]
public sealed class InvokeSwarmTaskCommand : NodeSetCmdlet
{
    /// <summary>Names of services, with wildcards: the command is run in each of their running tasks.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = TaskParameterSets.Service)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string[] Service { get; set; } = [];

    /// <summary>Names or ids of tasks, with wildcards.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TaskParameterSets.Task)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TaskNameCompleter))]
    public string[] Task { get; set; } = [];

    /// <summary>The program and its arguments; with <c>-Shell</c> the lines of a script.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [AllowEmptyString]
    [ValidateNotNull]
    [ValidateCount(1, int.MaxValue)]
    public string[] Command { get; set; } = [];

    /// <summary>Runs the command by the container's <c>sh -c</c>.</summary>
    [Parameter]
    public SwitchParameter Shell { get; set; }

    /// <summary>Names of the nodes that run the tasks, with wildcards; by default all.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MemberNameCompleter))]
    public string[] On { get; set; } = [];

    /// <summary>Runs the command in the first running task of each service only.</summary>
    [Parameter(ParameterSetName = TaskParameterSets.Service)]
    public SwitchParameter Any { get; set; }

    /// <summary>The user to run as in the container: a name or number, with a group after a colon; by default the container's own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? User { get; set; }

    /// <summary>The working directory in the container; by default the container's own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>Further environment variables of the command.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable Environment { get; set; } = [];

    /// <summary>Writes each line as an object of its own, as soon as it is written.</summary>
    [Parameter]
    public SwitchParameter AsLine { get; set; }

    /// <summary>How long the command may take in one task, in seconds; 0 for any time.</summary>
    [Parameter]
    [ValidateRange(0, 86400)]
    public int TimeoutSeconds { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new InvokeTaskOperation(
            context,
            new InvokeTaskRequest(
                nodes,
                new TaskSelection
                {
                    Services = NameFilters.From(Service),
                    Tasks = NameFilters.From(Task),
                    Places = NameFilters.From(On),
                    Any = Any,
                },
                new ContainerProgram(Shell ? ["sh", "-c", string.Join('\n', Command)] : Command)
                {
                    User = User,
                    Directory = WorkingDirectory,
                    Environment = NameFilters.Labels(Environment),
                }
            )
            {
                AsLine = AsLine,
                TimeoutSeconds = TimeoutSeconds,
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
