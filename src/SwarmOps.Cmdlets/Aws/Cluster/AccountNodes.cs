using Amazon.EC2.Model;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Session;
using SwarmOps.Completion;

namespace SwarmOps.Aws.Cluster;

/// <summary>The nodes that Tab finds in an AWS account: those of the credentials and regions that the command line would use.</summary>
internal static class AccountNodes
{
    /// <summary>Instances come and go slowly, and every region is asked.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private const int RegionsAtOnce = 32;

    /// <summary>
    /// Cluster, name and region of each; none when nobody answers in time, or when it is not known which account is meant.
    /// </summary>
    public static IReadOnlyList<AccountNode> Read(CompletionRequest request)
    {
        // What only running the line would tell may be the credential: another account's names must not be shown.
        if (CompletionSession.Current is not { } session || request.HasUnknownArgument)
            return [];
        if (CompletionAccount.Of(request) is not { } settings)
            return [];
        var (regions, excluded) = (Regions(request, "Region"), Regions(request, "ExcludeRegion"));
        return session.Answers.Recall(
                CompletionAccount.Key("ec2", settings, string.Join(',', regions), string.Join(',', excluded)),
                token => ListAsync(settings, regions, excluded, token),
                request.TimeLeft,
                Fresh
            ) ?? [];
    }

    private static List<string> Regions(CompletionRequest request, string parameter) =>
        [.. request.Texts(parameter).Where(RegionNames.IsValid).Distinct(StringComparer.Ordinal)];

    private static async Task<IReadOnlyList<AccountNode>> ListAsync(
        AwsSettings settings,
        IReadOnlyList<string> given,
        IReadOnlyList<string> excluded,
        CancellationToken cancellationToken
    )
    {
        var credentials = await CredentialResolver.ResolveAsync(settings, cancellationToken).ConfigureAwait(false);
        using var clients = new Ec2Clients(settings, credentials.Value, given, RegionResolver.Default(settings))
        {
            ExcludedRegions = excluded,
        };
        var regions = await clients.RegionsAsync(cancellationToken).ConfigureAwait(false);
        var outcomes = await RegionWork
            .InAllAsync(
                regions,
                RegionsAtOnce,
                region => ClusterInventory.InstancesAsync(clients.In(region), null, cancellationToken),
                cancellationToken
            )
            .ConfigureAwait(false);
        return
        [
            .. outcomes.SelectMany(outcome =>
                (outcome.Value ?? [])
                    .Where(instance => !InstanceStates.IsGoing(instance))
                    .Select(instance => Describe(instance, outcome.Region))
            ),
        ];
    }

    private static AccountNode Describe(Instance instance, string region) =>
        new(
            ClusterTags.Read(instance.Tags, ClusterTags.Cluster) ?? "",
            ClusterTags.Read(instance.Tags, ClusterTags.Name) ?? instance.InstanceId,
            region,
            instance.State?.Name?.Value ?? ""
        );
}
