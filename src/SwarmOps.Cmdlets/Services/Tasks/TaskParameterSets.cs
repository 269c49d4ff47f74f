namespace SwarmOps.Services.Tasks;

/// <summary>How the cmdlets for tasks are told which are meant.</summary>
internal static class TaskParameterSets
{
    public const string Service = "Service";

    public const string Task = "Task";
}
