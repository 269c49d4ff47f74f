using Amazon;

namespace SwarmOps.Aws;

/// <summary>What can be wrong with credentials, regions and cluster names, before EC2 is asked (docs/errors/aws.md).</summary>
internal static class AwsErrors
{
    public static SwarmOpsException CredentialsMissing() => new(
        "AwsCredentialsMissing",
        ErrorKind.Authentication,
        "No AWS credentials were found: no parameter, no $StoredAWSCredentials, no environment variables, no default profile, no web identity, no container role, and no instance role.",
        "Give them in one of these ways: -ProfileName NAME; -AccessKey and -SecretKey (and -SessionToken); -Credential OBJECT; Set-AWSCredential of AWS.Tools.Common in this session; "
        + "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, in the environment; a profile 'default' (aws configure, aws configure sso); "
        + "AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE; on EC2 or ECS a role of the machine.");

    public static SwarmOpsException CredentialsUnusable(string source, Exception cause) => new(
        "AwsCredentialsUnusable",
        ErrorKind.Authentication,
        $"The AWS credentials of {source} cannot be used: {cause.Message}",
        "Renew them (for SSO: aws sso login --profile NAME; for a role with MFA: Use-STSRole, then -Credential), or give others.",
        source,
        cause);

    public static SwarmOpsException ProfileNotFound(string profile, IReadOnlyCollection<string> known) => new(
        "AwsProfileNotFound",
        ErrorKind.NotFound,
        $"There is no AWS profile '{profile}' with credentials. Profiles: {(known.Count == 0 ? "none" : string.Join(", ", known))}.",
        "Give the name of one of these, make it (aws configure --profile NAME), or name the file that holds it with -ProfileLocation.",
        profile);

    public static SwarmOpsException AccessKeyIncomplete() => new(
        "AccessKeyIncomplete",
        ErrorKind.InvalidArgument,
        "-AccessKey and -SecretKey belong together; -SessionToken goes with both.",
        "Give both -AccessKey and -SecretKey, or neither.");

    public static SwarmOpsException RegionNameInvalid(string name) => new(
        "RegionNameInvalid",
        ErrorKind.InvalidArgument,
        $"'{name}' is not the name of an AWS region.",
        $"Give a system name such as {Suggestion(name)}; the Tab key completes them.",
        name);

    public static SwarmOpsException RegionMissing() => new(
        "AwsRegionMissing",
        ErrorKind.InvalidArgument,
        "No AWS region was given, and neither the session, the environment nor the profile has one.",
        "Give -Region, or set one: Set-DefaultAWSRegion, AWS_REGION, or the profile's region.");

    public static SwarmOpsException ClusterNameInvalid(string name) => new(
        "ClusterNameInvalid",
        ErrorKind.InvalidArgument,
        $"'{name}' cannot be the name of a cluster.",
        $"Use 1 to {ClusterNames.MaxLength} lower-case letters, digits and '-', beginning with a letter and ending with a letter or digit: it becomes part of host names.",
        name);

    public static SwarmOpsException ClusterNotFound(string cluster, IReadOnlyCollection<string> answered, IReadOnlyCollection<string> unknown) => new(
        "ClusterNotFound",
        ErrorKind.NotFound,
        $"None of the regions that answered has a node of the cluster '{cluster}': {string.Join(", ", answered)}."
        + (unknown.Count == 0 ? "" : $" Whether there are nodes in {string.Join(", ", unknown)} is unknown: {(unknown.Count == 1 ? "it" : "they")} could not be asked."),
        unknown.Count == 0
            ? "Get-SwarmRegionNode -Cluster * lists all clusters of the account; another account needs other credentials (-ProfileName)."
            : "Do not make the cluster anew before every region has answered: use credentials that may read them all (docs/aws.md lists the IAM actions), then run the same command again.",
        cluster);

    public static SwarmOpsException RegionGivenAndExcluded(IEnumerable<string> regions) => new(
        "RegionGivenAndExcluded",
        ErrorKind.InvalidArgument,
        $"-Region and -ExcludeRegion both name {string.Join(", ", regions)}. Nothing was changed.",
        "Name each region with -Region or with -ExcludeRegion, not with both.");

    public static SwarmOpsException RegionNodeNotFound(string name, IEnumerable<string> known) => new(
        "RegionNodeNotFound",
        ErrorKind.NotFound,
        $"The cluster has no node '{name}'. Nodes: {(string.Join(", ", known) is { Length: > 0 } names ? names : "none")}.",
        "Give the name of one of these.",
        name);

    private static string Suggestion(string name) =>
        RegionEndpoint.EnumerableAllRegions.Select(region => region.SystemName).FirstOrDefault(known => Letters(known) == Letters(name)) ?? "eu-central-1";

    private static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();
}
