using System.Diagnostics;
using System.Runtime.Versioning;
using SwarmOps.Recovery.Hosts;

namespace SwarmOps.Tests.Unit.Recovery;

/// <summary>A restored state takes the place of the present one, which is moved aside: only a copy of a backup that no engine has used is deleted.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PlaceStateTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("place-").FullName;

    public PlaceStateTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the script is for Linux");
        Write("work/state/raft", "restored");
    }

    private string Placed => File.ReadAllText(Path.Combine(root, "swarm", "raft"));

    private string[] Aside => Directory.GetDirectories(root, "swarm.before-restore-*");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void A_state_is_moved_aside()
    {
        Write("swarm/raft", "present");

        Place();

        Assert.Equal("restored", Placed);
        Assert.Equal("present", File.ReadAllText(Path.Combine(Assert.Single(Aside), "raft")));
    }

    [Fact]
    public void A_copy_that_no_engine_has_used_is_deleted()
    {
        Write("swarm/raft", "an earlier copy");
        Write("swarm/.swarmops-restored", "");

        Place();

        Assert.Equal("restored", Placed);
        Assert.Empty(Aside);
    }

    /// <summary>A run that was killed before it removed its mark leaves it in a swarm that then lives on for months.</summary>
    [Fact]
    public void A_state_that_an_engine_has_used_is_moved_aside_whatever_mark_it_has()
    {
        Write("swarm/raft", "months of changes");
        Write("swarm/.swarmops-restored", "");
        Write("swarm/docker-state.json", "{}");

        Place();

        Assert.Equal("restored", Placed);
        Assert.Equal("months of changes", File.ReadAllText(Path.Combine(Assert.Single(Aside), "raft")));
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private void Place()
    {
        using var shell = Process.Start(
            "/bin/sh",
            ["-c", EmbeddedScripts.PlaceState, "step", Path.Combine(root, "swarm"), Path.Combine(root, "work")]
        );
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }
}
