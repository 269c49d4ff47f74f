using Amazon.Runtime.CredentialManagement;

namespace SwarmOps.Aws.Session;

/// <summary>An endpoint that the user specified for a service, where the SDK looks for it too.</summary>
internal static class SpecifiedEndpoint
{
    /// <summary>The endpoint; null when none was specified.</summary>
    /// <param name="settings">The session's settings.</param>
    /// <param name="service">The service, as in the names of environment variables.</param>
    public static Uri? Of(AwsSettings settings, string service)
    {
        if (settings.EndpointUrl is { } given)
            return given;
        var text = settings.Environment($"AWS_ENDPOINT_URL_{service}") is { Length: > 0 } own
            ? own
            : settings.Environment("AWS_ENDPOINT_URL") ?? OfProfile(settings);
        return Uri.TryCreate(text, UriKind.Absolute, out var address) ? address : null;
    }

    private static string? OfProfile(AwsSettings settings) =>
        new CredentialProfileStoreChain(settings.ProfileLocation).TryGetProfile(
            settings.ProfileName ?? settings.DefaultProfile,
            out var profile
        )
            ? profile.EndpointUrl
            : null;
}
