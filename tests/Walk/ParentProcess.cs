using System.Globalization;

namespace SwarmOps.Tests.Walk;

/// <summary>Who started this process.</summary>
internal static class ParentProcess
{
    /// <summary>Its id; another one, once it has ended.</summary>
    public static int Id =>
        int.Parse(
            File.ReadAllText("/proc/self/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture
        );
}
