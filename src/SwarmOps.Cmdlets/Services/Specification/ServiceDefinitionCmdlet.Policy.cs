using System.Collections;
using System.Management.Automation;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Services.Specification;

/// <content>Parameters of a service: replicas, placement, resources, health check, restart, update and rollback.</content>
public abstract partial class ServiceDefinitionCmdlet
{
    /// <summary>Labels of the service.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Label { get; set; } = new Hashtable();

    /// <summary>Number of tasks; for a job, how many must complete.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public long Replicas { get; set; }

    /// <summary>For a replicated job, how many tasks run at the same time.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public long MaxConcurrent { get; set; }

    /// <summary>Placement constraints, such as <c>node.labels.region==eu-central-1</c>.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(PlacementConstraintCompleter))]
    public string[] Constraint { get; set; } = [];

    /// <summary>Node labels over whose values the tasks are spread, such as <c>region</c>.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(NodeLabelCompleter))]
    public string[] SpreadOver { get; set; } = [];

    /// <summary>Maximum number of tasks on one node; 0 for no limit.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public long MaxReplicasPerNode { get; set; }

    /// <summary>CPU limit of a task, in processors, such as 0.5.</summary>
    [Parameter]
    [ValidateRange(0.0, 1024.0)]
    public double LimitCpu { get; set; }

    /// <summary>Memory limit of a task, in bytes.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long LimitMemory { get; set; }

    /// <summary>Maximum number of processes of a task.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public long LimitPids { get; set; }

    /// <summary>CPU reservation of a task, in processors.</summary>
    [Parameter]
    [ValidateRange(0.0, 1024.0)]
    public double ReserveCpu { get; set; }

    /// <summary>Memory reservation of a task, in bytes.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long ReserveMemory { get; set; }

    /// <summary>Health check: a command for the container's shell.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? HealthCommand { get; set; }

    /// <summary>Time between two health checks, in seconds.</summary>
    [Parameter]
    [ValidateRange(0.001, 86400.0)]
    public double HealthIntervalSeconds { get; set; }

    /// <summary>How long a health check may take, in seconds.</summary>
    [Parameter]
    [ValidateRange(0.001, 86400.0)]
    public double HealthTimeoutSeconds { get; set; }

    /// <summary>Start period: how long after the start failed health checks do not count, in seconds.</summary>
    [Parameter]
    [ValidateRange(0.0, 86400.0)]
    public double HealthStartPeriodSeconds { get; set; }

    /// <summary>How many failed checks in a row make a task unhealthy.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int HealthRetries { get; set; }

    /// <summary>Disables the image's health check.</summary>
    [Parameter]
    public SwitchParameter NoHealthCheck { get; set; }

    /// <summary>When a task that ended is restarted.</summary>
    [Parameter]
    public SwarmRestartCondition RestartCondition { get; set; }

    /// <summary>Delay before a restart, in seconds.</summary>
    [Parameter]
    [ValidateRange(0.0, 86400.0)]
    public double RestartDelaySeconds { get; set; }

    /// <summary>Maximum number of restarts; 0 for no limit.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public long RestartMaxAttempts { get; set; }

    /// <summary>Window in which restarts are counted, in seconds.</summary>
    [Parameter]
    [ValidateRange(0.0, 86400.0)]
    public double RestartWindowSeconds { get; set; }

    /// <summary>How many tasks are updated at the same time; 0 for all.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public long UpdateParallelism { get; set; }

    /// <summary>Delay between the updates of two tasks, in seconds.</summary>
    [Parameter]
    [ValidateRange(0.0, 86400.0)]
    public double UpdateDelaySeconds { get; set; }

    /// <summary>How long an updated task is monitored for failure, in seconds.</summary>
    [Parameter]
    [ValidateRange(0.0, 86400.0)]
    public double UpdateMonitorSeconds { get; set; }

    /// <summary>What happens when an updated task fails.</summary>
    [Parameter]
    public SwarmUpdateFailureAction UpdateFailureAction { get; set; }

    /// <summary>Failure rate that an update tolerates, 0 to 1.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double UpdateMaxFailureRatio { get; set; }

    /// <summary>Whether the old task stops before the new one starts.</summary>
    [Parameter]
    public SwarmUpdateOrder UpdateOrder { get; set; }

    /// <summary>How many tasks are rolled back at the same time; 0 for all.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public long RollbackParallelism { get; set; }

    /// <summary>During a rollback, whether the new task stops before the old one starts.</summary>
    [Parameter]
    public SwarmUpdateOrder RollbackOrder { get; set; }
}
