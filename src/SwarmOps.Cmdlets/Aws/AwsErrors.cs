using Amazon;
using SwarmOps.Aws.Cluster;

namespace SwarmOps.Aws;

/// <summary>The errors of credentials, regions and cluster names, before EC2 is called (docs/errors/aws.md).</summary>
internal static class AwsErrors
{
    public static SwarmOpsException AwsCredentialsMissing() =>
        new(
            ErrorKind.Authentication,
            "No AWS credentials were found: no parameter, no $StoredAWSCredentials, no environment variables, no default profile, no web identity, no container role, and no instance role.",
            "Specify them in one of these ways: -ProfileName NAME; -AccessKey and -SecretKey (and -SessionToken); -Credential OBJECT; Set-AWSCredential of AWS.Tools.Common in this session; "
                + "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, in the environment; a profile 'default' (aws configure, aws configure sso); "
                + "AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE; on EC2 or ECS an instance or task role."
        );

    public static SwarmOpsException AwsCredentialsUnusable(string source, Exception cause) =>
        new(
            ErrorKind.Authentication,
            $"The AWS credentials from {source} cannot be used: {cause.Message}",
            "Renew them (for SSO: aws sso login --profile NAME; for a role with MFA: Use-STSRole, then -Credential), or specify others.",
            source,
            cause
        );

    public static SwarmOpsException AwsProfileNotFound(string profile, IReadOnlyCollection<string> known) =>
        new(
            ErrorKind.NotFound,
            $"No AWS profile '{profile}' with credentials was found. Profiles: {(known.Count == 0 ? "none" : string.Join(", ", known))}.",
            "Specify an existing profile, create it (aws configure --profile NAME), or specify the file that contains it with -ProfileLocation.",
            profile
        );

    public static SwarmOpsException AccessKeyIncomplete() =>
        new(
            ErrorKind.InvalidArgument,
            "-AccessKey and -SecretKey must be specified together, and -SessionToken only with both of them.",
            "Specify both -AccessKey and -SecretKey, or neither."
        );

    public static SwarmOpsException RegionNameInvalid(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' is not a valid name of an AWS region.",
            $"Specify a system name such as {Suggestion(name)}; tab completion lists them.",
            name
        );

    public static SwarmOpsException AwsRegionMissing() =>
        new(
            ErrorKind.InvalidArgument,
            "No AWS region was specified, and neither the session, the environment nor the profile has one.",
            "Specify -Region, or set a default region: Set-DefaultAWSRegion, AWS_REGION, or the profile's region."
        );

    public static SwarmOpsException ClusterNameInvalid(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' is not a valid cluster name.",
            $"Use 1 to {ClusterNames.MaxLength} lower-case letters, digits and '-', starting with a letter and ending with a letter or digit: the name becomes part of host names.",
            name
        );

    public static SwarmOpsException ClusterNotFound(
        string cluster,
        IReadOnlyCollection<string> answered,
        IReadOnlyCollection<string> unknown
    ) =>
        new(
            ErrorKind.NotFound,
            $"The cluster '{cluster}' has no node in these regions: {string.Join(", ", answered)}."
                + (
                    unknown.Count == 0
                        ? ""
                        : $" Whether it has nodes in {string.Join(", ", unknown)} is unknown, because {(unknown.Count == 1 ? "this region" : "these regions")} could not be queried."
                ),
            unknown.Count == 0
                ? "List all clusters of the account with Get-SwarmRegionNode -Cluster *. For another account, specify other credentials (-ProfileName)."
                : "Do not create the cluster again before all regions can be read. Use credentials that are authorized to read them (docs/aws.md lists the IAM actions), then run the same command again.",
            cluster
        );

    public static SwarmOpsException RegionGivenAndExcluded(IEnumerable<string> regions) =>
        new(
            ErrorKind.InvalidArgument,
            $"Both -Region and -ExcludeRegion contain {string.Join(", ", regions)}. Nothing was changed.",
            "Specify each region with either -Region or -ExcludeRegion."
        );

    public static SwarmOpsException RegionNodeNotFound(string name, IEnumerable<string> known) =>
        new(
            ErrorKind.NotFound,
            $"The cluster has no node '{name}'. Nodes: {(string.Join(", ", known) is { Length: > 0 } names ? names : "none")}.",
            "Specify the name of an existing node.",
            name
        );

    private static string Suggestion(string name) =>
        RegionEndpoint.EnumerableAllRegions.Select(region => region.SystemName).FirstOrDefault(known => Letters(known) == Letters(name))
        ?? "eu-central-1";

    private static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();
}
