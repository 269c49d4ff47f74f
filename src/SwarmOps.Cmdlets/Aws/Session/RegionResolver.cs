using Amazon.Runtime.CredentialManagement;

namespace SwarmOps.Aws;

/// <summary>The region that applies when none is given.</summary>
internal static class RegionResolver
{
    /// <summary>The session's region, that of the environment, or that of the profile; null when there is none.</summary>
    public static string? Default(AwsSettings settings) =>
        NotEmpty(settings.StoredRegion) ?? NotEmpty(settings.Environment("AWS_REGION")) ?? NotEmpty(settings.Environment("AWS_DEFAULT_REGION")) ?? OfProfile(settings);

    private static string? OfProfile(AwsSettings settings) =>
        new CredentialProfileStoreChain(settings.ProfileLocation).TryGetProfile(settings.ProfileName ?? settings.DefaultProfile, out var profile) ? profile.Region?.SystemName : null;

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
