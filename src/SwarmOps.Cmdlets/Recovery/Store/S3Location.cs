namespace SwarmOps.Recovery.Store;

/// <summary>A bucket and a prefix in it.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Prefix">The prefix without slashes at its ends; empty for none.</param>
internal sealed record S3Location(string Bucket, string Prefix)
{
    private const string Scheme = "s3://";

    /// <summary>Whether a place is in S3.</summary>
    public static bool IsOne(string place) => place.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads <c>s3://bucket/prefix</c>.</summary>
    /// <exception cref="SwarmOpsException"><c>BackupDestinationInvalid</c>.</exception>
    public static S3Location Parse(string place)
    {
        var parts = place[Scheme.Length..].Split('/', 2);
        return parts[0].Length > 0
            ? new S3Location(parts[0], parts.ElementAtOrDefault(1)?.Trim('/') ?? "")
            : throw RecoveryErrors.BackupDestinationInvalid(place, "it names no bucket");
    }

    /// <summary>The key of an object.</summary>
    public string Key(string name) => Prefix.Length == 0 ? name : $"{Prefix}/{name}";

    /// <summary>The URL of an object.</summary>
    public string UrlOf(string name) => $"{Scheme}{Bucket}/{Key(name)}";

    /// <summary>As given.</summary>
    public override string ToString() => Prefix.Length == 0 ? $"{Scheme}{Bucket}" : $"{Scheme}{Bucket}/{Prefix}";
}
