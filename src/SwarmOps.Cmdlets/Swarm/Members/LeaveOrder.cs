namespace SwarmOps.Swarm.Members;

/// <summary>
/// Decides which engines may leave at the same time. A leaving engine must notify other members within one second; otherwise an engine before 28.3 never
/// closes its gossip port (moby/moby pull request 50115). It notifies at most three members per round of 200 ms, and is done after four notifications,
/// or eight when it knew ten or more nodes (memberlist's LAN settings): with three members listening it needs three rounds at most. Engines that leave
/// together do not receive each other's notifications, so the last engines of a whole swarm may not be able to notify anyone.
/// </summary>
internal static class LeaveOrder
{
    /// <summary>How many members must be listening.</summary>
    private const int Listeners = 3;

    /// <summary>How many engines may leave at the same time; the others leave one after the other, afterwards.</summary>
    /// <param name="leaving">How many leave.</param>
    /// <param name="staying">How many running members stay.</param>
    public static int Together(int leaving, int staying) => Math.Max(0, leaving - Math.Max(0, Listeners - staying));
}
