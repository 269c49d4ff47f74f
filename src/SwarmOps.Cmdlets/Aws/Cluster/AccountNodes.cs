using System.Globalization;
using System.Runtime.CompilerServices;
using Amazon.EC2.Model;
using Amazon.Runtime.CredentialManagement;
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
        var settings = Settings(request);
        if (RunsProgram(settings))
            return [];
        var (regions, excluded) = (Regions(request, "Region"), Regions(request, "ExcludeRegion"));
        return session.Answers.Recall(
                Key(settings, regions, excluded),
                token => ListAsync(settings, regions, excluded, token),
                request.TimeLeft,
                Fresh
            ) ?? [];
    }

    private static AwsSettings Settings(CompletionRequest request)
    {
        var location = request.Value<string>(nameof(AwsSettings.ProfileLocation));
        return new AwsSettings
        {
            ProfileName = request.Value<string>(nameof(AwsSettings.ProfileName)),
            ProfileLocation = location is null ? null : request.Session?.Path.GetUnresolvedProviderPathFromPSPath(location) ?? location,
            AccessKey = request.Value<string>(nameof(AwsSettings.AccessKey)),
            SecretKey = request.Value<string>(nameof(AwsSettings.SecretKey)),
            SessionToken = request.Value<string>(nameof(AwsSettings.SessionToken)),
            Credential = request.Value<object>(nameof(AwsSettings.Credential)),
            StoredCredentials = SessionCredentials.Peek(request.Session),
            StoredRegion = SessionCredentials.Unwrap(request.Session?.PSVariable.GetValue(SessionCredentials.RegionVariable)) as string,
            EndpointUrl = request.Bound.GetValueOrDefault(nameof(AwsSettings.EndpointUrl)) switch
            {
                Uri address => address,
                string text => new Uri(text),
                _ => null,
            },
        };
    }

    private static List<string> Regions(CompletionRequest request, string parameter) =>
        [.. request.Texts(parameter).Where(RegionNames.IsValid).Distinct(StringComparer.Ordinal)];

    /// <summary>Whether the profile that may apply gets its keys from a program: none is run because somebody pressed Tab.</summary>
    private static bool RunsProgram(AwsSettings settings)
    {
        if (settings.AccessKey is not null || settings.Credential is not null)
            return false;
        var chain = new CredentialProfileStoreChain(settings.ProfileLocation);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var name = settings.ProfileName ?? settings.StoredCredentials as string ?? settings.DefaultProfile;
        while (name is { Length: > 0 } && seen.Add(name) && chain.TryGetProfile(name, out var profile))
        {
            if (!string.IsNullOrEmpty(profile.Options.CredentialProcess))
                return true;
            name = profile.Options.SourceProfile;
        }

        return false;
    }

    /// <summary>What makes two accounts the same, without a secret in it.</summary>
    private static string Key(AwsSettings settings, IEnumerable<string> regions, IEnumerable<string> excluded)
    {
        object?[] parts =
        [
            "ec2",
            settings.ProfileName,
            settings.ProfileLocation,
            settings.AccessKey,
            Identity(settings.Credential),
            settings.StoredCredentials as string ?? Identity(settings.StoredCredentials),
            settings.EndpointUrl,
            settings.Environment("AWS_ACCESS_KEY_ID"),
            settings.DefaultProfile,
            RegionResolver.Default(settings),
            string.Join(',', regions),
            string.Join(',', excluded),
        ];
        return string.Join('\n', parts);
    }

    private static string? Identity(object? credentials) =>
        credentials is null ? null : RuntimeHelpers.GetHashCode(credentials).ToString(CultureInfo.InvariantCulture);

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
