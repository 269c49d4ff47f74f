using System.Globalization;

namespace SwarmOps.Galera.State;

/// <summary>A state transfer as text.</summary>
internal static class GaleraTransfer
{
    /// <summary>Its phase, and the received share relative to the largest node in a Primary Component.</summary>
    public static string Words(GaleraNode node, IEnumerable<GaleraNode> all)
    {
        var whole = all.Where(other => other.ClusterStatus == "Primary" && other.Node != node.Node).Max(other => other.DataKilobytes) ?? 0;
        var share =
            whole <= 0 ? "" : Math.Clamp((node.DataKilobytes ?? 0) / (double)whole, 0, 1).ToString("P0", CultureInfo.InvariantCulture);
        return string.Join(", ", new[] { share, node.StateTransfer ?? "" }.Where(part => part.Length > 0));
    }
}
