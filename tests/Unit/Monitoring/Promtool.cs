namespace SwarmOps.Tests.Unit.Monitoring;

/// <summary>Prometheus' own checker, of Debian's package prometheus.</summary>
internal static class Promtool
{
    public const string Path = "/usr/bin/promtool";

    /// <summary>Fails without it where a lab can run, and so installs it; skips the test elsewhere.</summary>
    public static void Require()
    {
        if (File.Exists(Path))
            return;
        const string reason = "promtool is missing: 'lab/lab deps prometheus' installs it";
        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess)
            Assert.Fail(reason);
        Assert.Skip(reason);
    }
}
