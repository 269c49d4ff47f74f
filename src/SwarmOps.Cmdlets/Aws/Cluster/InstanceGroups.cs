using Amazon.EC2.Model;

namespace SwarmOps.Aws;

/// <summary>The security groups that filter an instance's packets.</summary>
internal static class InstanceGroups
{
    /// <summary>Their ids: those of the instance, which are its first interface's, and those of its other interfaces.</summary>
    public static IReadOnlyList<string> Of(Instance instance) =>
    [
        .. (instance.SecurityGroups ?? []).Concat((instance.NetworkInterfaces ?? []).SelectMany(card => card.Groups ?? [])).Select(group => group.GroupId).Distinct(StringComparer.Ordinal),
    ];
}
