using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;

namespace SwarmOps.Aws.Session;

/// <summary>
/// Resolves the credentials in the order of AWS.Tools.Common: keys, profile, object, session, environment, default profile, web identity,
/// container, instance role. The first source found is used even if it turns out to be unusable, so that another account is never used by accident.
/// </summary>
internal static class CredentialResolver
{
    /// <summary>The default profile of old versions of AWS.Tools.</summary>
    private const string LegacyDefaultProfile = "AWS PS Default";

    /// <summary>Resolves the credentials and reads their keys once, so that their errors are reported first.</summary>
    /// <exception cref="SwarmOpsException"><c>AwsCredentialsMissing</c>, <c>AwsCredentialsUnusable</c>, <c>AwsProfileNotFound</c>, <c>AccessKeyIncomplete</c>.</exception>
    public static async Task<ResolvedCredentials> ResolveAsync(AwsSettings settings, CancellationToken cancellationToken)
    {
        var found =
            Given(settings)
            ?? Stored(settings)
            ?? FromEnvironment(settings)
            ?? FromDefaultProfile(settings)
            ?? FromPlatform(settings)
            ?? await InstanceRole.FindAsync(settings, cancellationToken).ConfigureAwait(false)
            ?? throw AwsErrors.AwsCredentialsMissing();
        try
        {
            await found.Value.GetCredentialsAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            return found;
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or OutOfMemoryException))
        {
            throw AwsErrors.AwsCredentialsUnusable(found.Source, exception);
        }
    }

    private static ResolvedCredentials? Given(AwsSettings settings)
    {
        if (settings.AccessKey is not null || settings.SecretKey is not null || settings.SessionToken is not null)
        {
            return settings is { AccessKey: { } key, SecretKey: { } secret }
                ? new ResolvedCredentials(FromKeys(key, secret, settings.SessionToken), "-AccessKey and -SecretKey")
                : throw AwsErrors.AccessKeyIncomplete();
        }

        if (settings.ProfileName is { } profile)
            return FromProfile(settings, profile) ?? throw AwsErrors.AwsProfileNotFound(profile, ProfileNames(settings));
        return settings.Credential is { } given ? new ResolvedCredentials(new ForeignCredentials(given), "-Credential") : null;
    }

    private static ResolvedCredentials? Stored(AwsSettings settings) =>
        settings.StoredCredentials switch
        {
            null or "" => null,
            string profile => FromProfile(settings, profile) ?? throw AwsErrors.AwsProfileNotFound(profile, ProfileNames(settings)),
            var stored when ForeignCredentials.Understands(stored) => new ResolvedCredentials(
                new ForeignCredentials(stored),
                "the session's $StoredAWSCredentials"
            ),
            var stored => throw AwsErrors.AwsCredentialsUnusable(
                $"$StoredAWSCredentials (a {stored.GetType().Name})",
                new InvalidOperationException("It contains no keys.")
            ),
        };

    private static ResolvedCredentials? FromEnvironment(AwsSettings settings) =>
        settings.Environment("AWS_ACCESS_KEY_ID") is { Length: > 0 } key
        && settings.Environment("AWS_SECRET_ACCESS_KEY") is { Length: > 0 } secret
            ? new ResolvedCredentials(
                FromKeys(key, secret, settings.Environment("AWS_SESSION_TOKEN")),
                "the environment (AWS_ACCESS_KEY_ID)"
            )
            : null;

    private static ResolvedCredentials? FromDefaultProfile(AwsSettings settings)
    {
        if (FromProfile(settings, settings.DefaultProfile) is { } found)
            return found;
        if (settings.DefaultProfile != "default")
            throw AwsErrors.AwsProfileNotFound(settings.DefaultProfile, ProfileNames(settings));
        return FromProfile(settings, LegacyDefaultProfile);
    }

    /// <summary>Before the instance role: these variables (set by EKS, ECS or a CI service) take precedence over the instance's own role.</summary>
    private static ResolvedCredentials? FromPlatform(AwsSettings settings)
    {
        if (
            settings.Environment("AWS_WEB_IDENTITY_TOKEN_FILE") is { Length: > 0 }
            && settings.Environment("AWS_ROLE_ARN") is { Length: > 0 }
        )
            return Create(AssumeRoleWithWebIdentityCredentials.FromEnvironmentVariables, "web identity (AWS_WEB_IDENTITY_TOKEN_FILE)");
        return
            settings.Environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") is { Length: > 0 }
            || settings.Environment("AWS_CONTAINER_CREDENTIALS_FULL_URI") is { Length: > 0 }
            ? Create(() => new GenericContainerCredentials(), "the container's role (AWS_CONTAINER_CREDENTIALS_...)")
            : null;
    }

    /// <summary>A profile's credentials of any kind: keys, SSO, assume-role, a process, web identity; null if the profile does not exist or has only settings.</summary>
    private static ResolvedCredentials? FromProfile(AwsSettings settings, string name)
    {
        var chain = Profiles(settings);
        var source = $"profile '{name}'";
        return chain.TryGetProfile(name, out var profile) && profile.CanCreateAWSCredentials
            ? Create(() => AWSCredentialsFactory.GetAWSCredentials(profile, chain), source)
            : null;
    }

    private static CredentialProfileStoreChain Profiles(AwsSettings settings) => new(settings.ProfileLocation);

    private static List<string> ProfileNames(AwsSettings settings) =>
        [.. Profiles(settings).ListProfiles().Select(profile => profile.Name)];

    private static AWSCredentials FromKeys(string key, string secret, string? token) =>
        string.IsNullOrEmpty(token) ? new BasicAWSCredentials(key, secret) : new SessionAWSCredentials(key, secret, token);

    private static ResolvedCredentials Create(Func<AWSCredentials> make, string source)
    {
        try
        {
            return new ResolvedCredentials(make(), source);
        }
        catch (Exception exception)
            when (exception is AmazonClientException or InvalidOperationException or ArgumentException or IOException)
        {
            throw AwsErrors.AwsCredentialsUnusable(source, exception);
        }
    }
}
