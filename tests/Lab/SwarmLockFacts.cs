namespace SwarmOps.Tests.Lab;

/// <summary>The lock as the docker CLI and the hosts' own disks show it.</summary>
internal static class SwarmLockFacts
{
    private const string Token =
        "docker config inspect -f '{{index .Spec.Labels \"swarmops.lock.token\"}}' swarmops.lock 2>/dev/null; true";

    /// <summary>Whose lock the swarm has now; empty where nobody holds it.</summary>
    public static async Task<string> TokenAsync(LabFixture lab) =>
        (await Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, Token))))
            .Select(said => said.Trim())
            .FirstOrDefault(said => said.Length > 0, "");

    /// <summary>Waits until someone holds the swarm's lock.</summary>
    /// <returns>Whose it is.</returns>
    public static async Task<string> UntilHeldAsync(LabFixture lab)
    {
        var token = "";
        await ManagerLab.UntilAsync(
            async () => (token = await TokenAsync(lab)) is { Length: > 0 } ? (true, token) : (false, "nobody holds the lock"),
            120
        );
        return token;
    }

    /// <summary>Neither the swarm nor a host has a lock left.</summary>
    public static async Task AssertNoLockAsync(LabFixture lab)
    {
        Assert.Equal("", await TokenAsync(lab));
        foreach (var host in lab.Hosts)
            Assert.Equal(
                "",
                (await lab.ExecAsync(host, "cat /run/lock/swarmops.lock/holder /tmp/swarmops.lock/holder 2>/dev/null; true")).Trim()
            );
    }
}
