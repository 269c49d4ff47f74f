using Amazon.EC2.Model;

namespace SwarmOps.Aws.Cluster;

/// <summary>The security groups that apply to an instance.</summary>
internal static class InstanceGroups
{
    /// <summary>Their ids: those of the instance, which are its primary interface's (moto returns them only there), and those of its other interfaces.</summary>
    public static IReadOnlyList<string> Of(Instance instance)
    {
        var named = instance.SecurityGroups ?? [];
        var cards = (instance.NetworkInterfaces ?? []).Where(card => named.Count == 0 || card.Attachment?.DeviceIndex > 0);
        return
        [
            .. named.Concat(cards.SelectMany(card => card.Groups ?? [])).Select(group => group.GroupId).Distinct(StringComparer.Ordinal),
        ];
    }
}
