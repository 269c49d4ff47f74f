using System.Management.Automation;
using System.Reflection;
using Amazon.Runtime;

namespace SwarmOps.Aws.Session;

/// <summary>
/// Credentials from an object of another copy of the SDK, or of any other type. Its keys are read each time, because session keys expire.
/// </summary>
internal sealed class ForeignCredentials(object source) : AWSCredentials
{
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Whether keys can be read from an object, without reading them.</summary>
    public static bool Understands(object source) =>
        source is PSCredential || Getter(source) is not null || Inner(source) is not null || HasKeys(source);

    /// <inheritdoc/>
    public override ImmutableCredentials GetCredentials() => Keys(source);

    private static ImmutableCredentials Keys(object source)
    {
        if (source is PSCredential login)
            return new ImmutableCredentials(login.UserName, login.GetNetworkCredential().Password, null);
        if (Getter(source) is { } getter)
            return FromProperties(
                Invoke(getter, source) ?? throw new InvalidOperationException("The credentials object returned no credentials.")
            );
        return Inner(source) is { } inner ? Keys(inner) : FromProperties(source);
    }

    /// <summary>GetCredentials(), which AWSCredentials of every version has.</summary>
    private static MethodInfo? Getter(object source) => source.GetType().GetMethod(nameof(GetCredentials), Type.EmptyTypes);

    /// <summary>The credentials in AWS.Tools' own wrapper (AWSPSCredentials), whose property is not public, or in a response of STS.</summary>
    private static object? Inner(object source) =>
        Property(source, "Credentials") is { } inner && (Getter(inner) is not null || HasKeys(inner)) ? inner : null;

    private static bool HasKeys(object source) =>
        (Property(source, "AccessKey") ?? Property(source, "AccessKeyId")) is string
        && (Property(source, "SecretKey") ?? Property(source, "SecretAccessKey")) is string;

    private static ImmutableCredentials FromProperties(object source) =>
        new(
            (Property(source, "AccessKey") ?? Property(source, "AccessKeyId")) as string,
            (Property(source, "SecretKey") ?? Property(source, "SecretAccessKey")) as string,
            (Property(source, "Token") ?? Property(source, "SessionToken")) is string { Length: > 0 } token ? token : null
        );

    private static object? Property(object source, string name)
    {
        if (source is PSObject custom)
            return SessionCredentials.Unwrap(custom.Properties[name]?.Value);
        return SessionCredentials.Unwrap(source.GetType().GetProperty(name, Members)?.GetValue(source));
    }

    private static object? Invoke(MethodInfo method, object source)
    {
        try
        {
            return method.Invoke(source, null);
        }
        catch (TargetInvocationException exception) when (exception.InnerException is { } cause)
        {
            throw new InvalidOperationException(cause.Message, cause);
        }
    }
}
