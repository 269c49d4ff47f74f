using SwarmOps.Aws.Cluster;

namespace SwarmOps.Aws.Provision;

/// <summary>The errors of creating a region's nodes, besides those of EC2 itself (docs/errors/aws-nodes.md).</summary>
internal static class ProvisionErrors
{
    private const string Again = "run the same command again; it continues where it stopped";

    public static SwarmOpsException ClusterKeyUnreadable(string what, string why) =>
        new(
            ErrorKind.InvalidData,
            $"The cluster's SSH key, {what}, cannot be used: {why}.",
            "Specify a private key in OpenSSH or PEM format with -KeyFilePath or -PrivateKey, and its passphrase with -KeyPassphrase.",
            what
        );

    public static SwarmOpsException ClusterKeyTypeRefused(string what, string type) =>
        new(
            ErrorKind.InvalidArgument,
            $"The cluster's SSH key, {what}, has the type {type}, but EC2 accepts only ed25519 and RSA.",
            "Specify another key with -KeyFilePath; if the file does not exist, an ed25519 key is created.",
            what
        );

    public static SwarmOpsException ClusterKeyNotWritable(string path, Exception cause) =>
        new(
            ErrorKind.Permission,
            $"The cluster's SSH key cannot be written to '{path}': {cause.Message}",
            "Specify a writable path with -KeyFilePath, or a key as text with -PrivateKey.",
            path,
            cause
        );

    public static SwarmOpsException ClusterKeyMissing(string cluster, string path, IReadOnlyList<string> regions) =>
        new(
            ErrorKind.NotFound,
            $"The cluster '{cluster}' has a key pair in {string.Join(", ", regions)}, but the private key file '{path}' does not exist. A new key could not connect to the existing nodes.",
            "Specify the private key with -KeyFilePath, or as text with -PrivateKey.",
            path
        );

    public static SwarmOpsException ClusterKeyDiffers(string region, string name, string ours, string theirs) =>
        new(
            ErrorKind.InvalidState,
            $"The key pair '{name}' in {region} has another key ({theirs}) than the specified one ({ours}).",
            $"Specify the matching private key with -KeyFilePath or -PrivateKey. If no instance uses the key pair, delete it: aws ec2 delete-key-pair --region {region} --key-name {name}.",
            region
        );

    public static SwarmOpsException RegionChanged(string cluster, string region) =>
        new(
            ErrorKind.InvalidState,
            $"Resources of the cluster '{cluster}' appeared in {region} after it was read: another run is creating nodes there, or an earlier one has just ended. No node was created there.",
            $"Wait until no other run is creating nodes in {region}, then {Again}.",
            region
        );

    public static SwarmOpsException AllowSshFromMissing(string cluster) =>
        new(
            ErrorKind.InvalidArgument,
            $"The nodes of the cluster '{cluster}' would not be reachable: no address is allowed to use SSH, and there is no default.",
            "Specify this machine's public address (shown by https://checkip.amazonaws.com), such as -AllowSshFrom 198.51.100.7/32.",
            cluster
        );

    public static SwarmOpsException RegionNotAskedFor(string parameter, string region, IReadOnlyList<string> regions) =>
        new(
            ErrorKind.InvalidArgument,
            $"-{parameter} contains the region '{region}', which is not one of {string.Join(", ", regions)}.",
            $"Specify -{parameter} as a hashtable with the regions of -Region, such as @{{ '{regions[0]}' = '...' }}.",
            region
        );

    public static SwarmOpsException RegionalValueAmbiguous(string parameter, string value) =>
        new(
            ErrorKind.InvalidArgument,
            $"-{parameter} '{value}' cannot apply to several regions, because ids differ between regions.",
            $"Specify -{parameter} as a hashtable, such as @{{ 'eu-central-1' = '{value}' }}.",
            value
        );

    public static SwarmOpsException RegionHasNoDefaultVpc(string region) =>
        new(
            ErrorKind.NotFound,
            $"The account has no default VPC with subnets in {region}.",
            $"Create one (aws ec2 create-default-vpc --region {region}), or specify a public subnet: -SubnetId @{{ '{region}' = 'subnet-...' }}.",
            region
        );

    public static SwarmOpsException SubnetsInSeveralVpcs(string region, IEnumerable<string> vpcs) =>
        new(
            ErrorKind.InvalidArgument,
            $"The subnets of -SubnetId for {region} are in several VPCs: {string.Join(", ", vpcs)}.",
            "Specify subnets of one VPC; they may be in different Availability Zones.",
            region
        );

    public static SwarmOpsException UbuntuImageNotFound(string region, string architecture) =>
        new(
            ErrorKind.NotFound,
            $"No AMI of Ubuntu LTS from Canonical for {architecture} was found in {region}.",
            $"Specify an AMI of Debian or Ubuntu: -ImageId @{{ '{region}' = 'ami-...' }}.",
            region
        );

    public static SwarmOpsException Ec2ImageNotFound(string region, string imageId) =>
        new(
            ErrorKind.NotFound,
            $"The AMI {imageId} does not exist in {region}.",
            "Specify an -ImageId that exists in this region. AMI ids differ between regions.",
            region
        );

    public static SwarmOpsException ImageArchitectureDiffers(
        string region,
        string imageId,
        string architecture,
        string instanceType,
        IEnumerable<string> supported
    ) =>
        new(
            ErrorKind.InvalidArgument,
            $"The AMI {imageId} in {region} has the architecture {architecture}, but {instanceType} supports {string.Join(" and ", supported)}.",
            "Specify an -ImageId for the architecture of the instance type, or another -InstanceType.",
            region
        );

    public static SwarmOpsException NoZoneHasCapacity(
        string node,
        string region,
        string instanceType,
        IReadOnlyList<string> zones,
        Exception last
    ) =>
        new(
            ErrorKind.InvalidState,
            $"No Availability Zone of {region} has capacity for the {instanceType} instance of '{node}' at present (tried: {string.Join(", ", zones)}). EC2's last error: {last.Message}",
            $"Wait, or specify another -InstanceType, then {Again}. Nodes in other regions are usable.",
            region,
            last
        );

    public static SwarmOpsException InstanceEnded(string node, string instanceId, string state, string? reason) =>
        new(
            ErrorKind.InvalidState,
            $"The instance {instanceId} of '{node}' is {state} instead of running: {reason ?? "EC2 reports no reason"}.",
            $"Fix the reported cause (such as a volume quota or the KMS key for EBS encryption), then {Again} with a new instance.",
            instanceId
        );

    public static SwarmOpsException InstanceNotRunning(string node, string instanceId, string state, TimeSpan waited) =>
        new(
            ErrorKind.Timeout,
            $"The instance {instanceId} of '{node}' is still {state} after {waited.TotalSeconds:0} s.",
            $"Specify a longer -TimeoutSeconds, then {Again}.",
            instanceId
        );

    public static SwarmOpsException HostKeyNotShown(string node, string instanceId, TimeSpan waited) =>
        new(
            ErrorKind.Security,
            $"The console output of {instanceId} ('{node}') did not contain its SSH host key within {waited.TotalSeconds:0} s. No other source of the key is trusted.",
            $"Check the output (aws ec2 get-console-output --instance-id {instanceId}), then {Again}. If the AMI prints no fingerprints, read it on the host (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub, through the EC2 serial console or Session Manager) and store it as the instance's tag {ClusterTags.HostKey}.",
            instanceId
        );

    public static SwarmOpsException CloudInitFailed(SwarmNode node, CloudInitReport report) =>
        new(
            ErrorKind.InvalidState,
            $"cloud-init reported that the first boot of '{node.Name}' failed: {report.Describe()}",
            $"Fix the reported problem on the node and install the engine (Install-SwarmEngine), or remove the node (Remove-SwarmRegionNode) and create it again.",
            node
        );

    public static SwarmOpsException RegionNodeNotReady(SwarmNode node, TimeSpan waited, string last, Exception? cause) =>
        new(
            ErrorKind.Timeout,
            $"'{node.Name}' ({node.InstanceId}) was not ready within {waited.TotalSeconds:0} s: {last}",
            $"Specify a longer -TimeoutSeconds, then {Again}.",
            node,
            cause
        );
}
