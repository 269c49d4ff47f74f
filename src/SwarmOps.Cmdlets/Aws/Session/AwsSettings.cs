namespace SwarmOps.Aws.Session;

/// <summary>The parameters and session settings. Not a record, whose text would contain the secrets.</summary>
internal sealed class AwsSettings
{
    /// <summary>Name of a profile.</summary>
    public string? ProfileName { get; init; }

    /// <summary>Path of the credentials file.</summary>
    public string? ProfileLocation { get; init; }

    /// <summary>Access key id.</summary>
    public string? AccessKey { get; init; }

    /// <summary>Secret access key.</summary>
    public string? SecretKey { get; init; }

    /// <summary>Session token.</summary>
    public string? SessionToken { get; init; }

    /// <summary>A credentials object whose shape was checked (<see cref="ForeignCredentials"/>).</summary>
    public object? Credential { get; init; }

    /// <summary>The session's stored credentials: an object of AWS.Tools, or the name of a profile.</summary>
    public object? StoredCredentials { get; init; }

    /// <summary>The session's stored region.</summary>
    public string? StoredRegion { get; init; }

    /// <summary>Another endpoint for EC2.</summary>
    public Uri? EndpointUrl { get; init; }

    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>The profile if nothing else is specified: that of <c>AWS_PROFILE</c>, or <c>default</c>.</summary>
    public string DefaultProfile => Environment("AWS_PROFILE") is { Length: > 0 } named ? named : "default";
}
