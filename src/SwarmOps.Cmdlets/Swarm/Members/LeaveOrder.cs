namespace SwarmOps.Swarm.Members;

/// <summary>
/// Which engines may leave at the same time. One that leaves has to tell others of it within a second; where it does not, an engine before 28.3 never
/// closes its gossip port (moby/moby pull request 50115). It tells at most three a round, a round is 200 ms, and it has done so after four tellings,
/// or eight where ten or more nodes were known (memberlist's LAN settings): with three that listen it needs three rounds at most. Engines that leave
/// together do not listen to each other, so the last of a whole swarm may not.
/// </summary>
internal static class LeaveOrder
{
    /// <summary>How many have to listen.</summary>
    private const int Listeners = 3;

    /// <summary>How many of those that leave may do so at once; the others go one after the other, after them.</summary>
    /// <param name="leaving">How many leave.</param>
    /// <param name="staying">How many members stay and run.</param>
    public static int Together(int leaving, int staying) => Math.Max(0, leaving - Math.Max(0, Listeners - staying));
}
