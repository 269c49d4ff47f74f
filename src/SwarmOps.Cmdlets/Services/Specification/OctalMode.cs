namespace SwarmOps.Services.Specification;

/// <summary>File modes as they are typed: octal.</summary>
internal static class OctalMode
{
    /// <summary>What the docker CLI gives secrets and configs: everyone may read (0444).</summary>
    public const int ReadableByAll = 0x124;

    /// <summary>Reads an octal mode such as <c>0444</c>; null when it is none.</summary>
    public static int? Parse(string text)
    {
        if (text.Length is 0 or > 5 || text.Any(digit => digit is < '0' or > '7'))
            return null;
        var mode = text.Aggregate(0, (value, digit) => (value * 8) + (digit - '0'));
        return mode <= 0xFFF ? mode : null;
    }
}
