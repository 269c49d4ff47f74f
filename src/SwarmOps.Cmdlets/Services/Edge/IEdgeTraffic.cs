using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Edge;

/// <summary>What sends clients to the regions of an edge service. Services are below the DNS on the swarm, so they only know this much of it.</summary>
internal interface IEdgeTraffic
{
    /// <summary>Finds out how clients can be kept away from the region of a service while its tasks are replaced.</summary>
    /// <param name="context">The calling cmdlet's context.</param>
    /// <param name="swarm">The swarm.</param>
    /// <param name="service">The service.</param>
    /// <param name="options">How services are deployed.</param>
    /// <returns>Null when nothing on the swarm sends clients there, or somebody has taken the region out of DNS already.</returns>
    /// <exception cref="SwarmOpsException">The errors of the DNS and the transport.</exception>
    Task<IEdgeDetour?> FindAsync(IOperationContext context, SwarmSession swarm, ServiceState service, ServiceOptions options);
}

/// <summary>Keeps clients away from one region of an edge service.</summary>
internal interface IEdgeDetour
{
    /// <summary>The region.</summary>
    string Region { get; }

    /// <summary>The DNS zones that answer with the region, in words.</summary>
    string Zones { get; }

    /// <summary>Whether the zones have other regions at all.</summary>
    bool IsPossible { get; }

    /// <summary>Whether an earlier run that was interrupted left the region out, in the zone or in some of its name servers.</summary>
    bool IsUnfinished { get; }

    /// <summary>Takes the region out of DNS, and waits until nobody is sent there any more.</summary>
    /// <exception cref="SwarmOpsException">The region may still be answered; or no other healthy region is left.</exception>
    Task LeaveAsync();

    /// <summary>Brings the region back, once other regions see it healthy.</summary>
    /// <exception cref="SwarmOpsException">It is not seen healthy in time.</exception>
    Task ReturnAsync();
}
