using Amazon.Runtime.CredentialManagement;

namespace SwarmOps.Aws.Session;

/// <summary>The default region.</summary>
internal static class RegionResolver
{
    /// <summary>The region of the session, the environment or the profile; null if there is none.</summary>
    public static string? Default(AwsSettings settings) =>
        NotEmpty(settings.StoredRegion)
        ?? NotEmpty(settings.Environment("AWS_REGION"))
        ?? NotEmpty(settings.Environment("AWS_DEFAULT_REGION"))
        ?? OfProfile(settings);

    private static string? OfProfile(AwsSettings settings) =>
        new CredentialProfileStoreChain(settings.ProfileLocation).TryGetProfile(
            settings.ProfileName ?? settings.DefaultProfile,
            out var profile
        )
            ? profile.Region?.SystemName
            : null;

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
