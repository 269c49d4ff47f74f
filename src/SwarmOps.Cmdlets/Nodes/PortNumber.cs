using System.Globalization;
using System.Net;

namespace SwarmOps.Nodes;

/// <summary>Parses TCP and UDP port numbers: digits only, 1 to 65535.</summary>
internal static class PortNumber
{
    /// <summary>Parses a port; null when the text is not one.</summary>
    public static int? TryParse(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && IsValid(number) ? number : null;

    /// <summary>Whether a number is a port.</summary>
    public static bool IsValid(int number) => number is >= 1 and <= IPEndPoint.MaxPort;
}
