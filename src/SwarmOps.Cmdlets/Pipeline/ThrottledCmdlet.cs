using System.Management.Automation;

namespace SwarmOps.Pipeline;

/// <summary>The base of the cmdlets that process the nodes of a swarm at the same time.</summary>
public abstract class ThrottledCmdlet : SwarmCmdlet
{
    /// <summary>How many nodes are processed at the same time.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 32;
}
