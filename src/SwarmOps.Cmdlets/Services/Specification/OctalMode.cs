namespace SwarmOps.Services.Specification;

/// <summary>File modes in octal.</summary>
internal static class OctalMode
{
    /// <summary>The docker CLI's default for secrets and configs: readable by all (0444).</summary>
    public const int ReadableByAll = 0x124;

    /// <summary>Parses an octal mode such as <c>0444</c>; null if it is not valid.</summary>
    public static int? Parse(string text)
    {
        if (text.Length is 0 or > 5 || text.Any(digit => digit is < '0' or > '7'))
            return null;
        var mode = text.Aggregate(0, (value, digit) => (value * 8) + (digit - '0'));
        return mode <= 0xFFF ? mode : null;
    }
}
