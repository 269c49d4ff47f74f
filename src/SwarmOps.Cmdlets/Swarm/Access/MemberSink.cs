using Docker.DotNet.Models;

namespace SwarmOps.Swarm.Access;

/// <summary>Takes the members of a swarm while a manager lists them. A manager that fails is followed by another one, which lists all of them again.</summary>
/// <param name="reports">What came of asking each node of the set.</param>
/// <param name="swarmId">The swarm's id; empty where the manager does not tell it yet.</param>
/// <param name="member">The member.</param>
/// <returns>Whether the session keeps it.</returns>
internal delegate ValueTask<bool> MemberSink(IReadOnlyList<NodeReport> reports, string swarmId, NodeListResponse member);
