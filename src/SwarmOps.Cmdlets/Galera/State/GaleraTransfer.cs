using System.Globalization;

namespace SwarmOps.Galera.State;

/// <summary>A state transfer in words.</summary>
internal static class GaleraTransfer
{
    /// <summary>What it is at, and how much has arrived compared with the largest node in a Primary component.</summary>
    public static string Words(GaleraNode node, IEnumerable<GaleraNode> all)
    {
        var whole = all.Where(other => other.ClusterStatus == "Primary" && other.Node != node.Node).Max(other => other.DataKilobytes) ?? 0;
        var share = whole <= 0 ? "" : Math.Clamp((node.DataKilobytes ?? 0) / (double)whole, 0, 1).ToString("P0", CultureInfo.InvariantCulture);
        return string.Join(", ", new[] { share, node.StateTransfer ?? "" }.Where(part => part.Length > 0));
    }
}
