using System.Globalization;
using System.Runtime.CompilerServices;
using Amazon.Runtime.CredentialManagement;
using SwarmOps.Completion;

namespace SwarmOps.Aws.Session;

/// <summary>The AWS account that Tab asks: that of the credentials that the command line would use.</summary>
internal static class CompletionAccount
{
    /// <summary>The account; null when asking it would run a program.</summary>
    public static AwsSettings? Of(CompletionRequest request) =>
        Settings(request) is var settings && !RunsProgram(settings) ? settings : null;

    /// <summary>What makes two accounts the same, without a secret in it.</summary>
    /// <param name="service">The service that is asked.</param>
    /// <param name="settings">The account.</param>
    /// <param name="question">What else tells questions apart.</param>
    public static string Key(string service, AwsSettings settings, params string[] question)
    {
        object?[] parts =
        [
            service,
            settings.ProfileName,
            settings.ProfileLocation,
            settings.AccessKey,
            Identity(settings.Credential),
            settings.StoredCredentials as string ?? Identity(settings.StoredCredentials),
            settings.EndpointUrl,
            settings.Environment("AWS_ACCESS_KEY_ID"),
            settings.DefaultProfile,
            RegionResolver.Default(settings),
            .. question,
        ];
        return string.Join('\n', parts);
    }

    private static string? Identity(object? credentials) =>
        credentials is null ? null : RuntimeHelpers.GetHashCode(credentials).ToString(CultureInfo.InvariantCulture);

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
}
