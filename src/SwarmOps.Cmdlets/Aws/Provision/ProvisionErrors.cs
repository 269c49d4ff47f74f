namespace SwarmOps.Aws.Provision;

/// <summary>What can keep a region's nodes from coming to be, beside what EC2 answers itself (docs/errors/aws-nodes.md).</summary>
internal static class ProvisionErrors
{
    private const string Again = "run the same command again: it goes on where it stopped";

    public static SwarmOpsException ClusterKeyUnreadable(string what, string why) => new(
        "ClusterKeyUnreadable",
        ErrorKind.InvalidData,
        $"The cluster's SSH key, {what}, cannot be used: {why}.",
        "Give a private key in OpenSSH or PEM format with -KeyFilePath or -PrivateKey, and its passphrase with -KeyPassphrase.",
        what);

    public static SwarmOpsException ClusterKeyTypeRefused(string what, string type) => new(
        "ClusterKeyTypeRefused",
        ErrorKind.InvalidArgument,
        $"The cluster's SSH key, {what}, is of type {type}: EC2 takes ed25519 and RSA.",
        "Give another with -KeyFilePath; where the file does not exist an ed25519 key is made.",
        what);

    public static SwarmOpsException ClusterKeyNotWritable(string path, Exception cause) => new(
        "ClusterKeyNotWritable",
        ErrorKind.Permission,
        $"The cluster's SSH key cannot be written to '{path}': {cause.Message}",
        "Give a path that can be written with -KeyFilePath, or a key as text with -PrivateKey.",
        path,
        cause);

    public static SwarmOpsException ClusterKeyMissing(string cluster, string path, IReadOnlyList<string> regions) => new(
        "ClusterKeyMissing",
        ErrorKind.NotFound,
        $"The cluster '{cluster}' has a key pair in {string.Join(", ", regions)}, but its private key is not in '{path}'. A new key would not open the nodes that are there.",
        "Give the private key with -KeyFilePath, or as text with -PrivateKey.",
        path);

    public static SwarmOpsException KeyPairDiffers(string region, string name, string ours, string theirs) => new(
        "ClusterKeyDiffers",
        ErrorKind.InvalidState,
        $"The key pair '{name}' in {region} holds another key ({theirs}) than the one given ({ours}).",
        $"Give the private key that belongs to it with -KeyFilePath or -PrivateKey. If no instance was made with it: aws ec2 delete-key-pair --region {region} --key-name {name}.",
        region);

    public static SwarmOpsException AllowSshFromMissing(string cluster) => new(
        "AllowSshFromMissing",
        ErrorKind.InvalidArgument,
        $"Nobody could reach the nodes of the cluster '{cluster}': no address is let in by SSH, and there is no default.",
        "Give this machine's public address with -AllowSshFrom, such as -AllowSshFrom 198.51.100.7/32 (https://checkip.amazonaws.com shows it).",
        cluster);

    public static SwarmOpsException RegionNotAskedFor(string parameter, string region, IReadOnlyList<string> regions) => new(
        "RegionNotAskedFor",
        ErrorKind.InvalidArgument,
        $"-{parameter} names the region '{region}', which is not one of {string.Join(", ", regions)}.",
        $"Give -{parameter} a table of the regions of -Region, such as @{{ '{regions[0]}' = '...' }}.",
        region);

    public static SwarmOpsException RegionalValueAmbiguous(string parameter, string value) => new(
        "RegionalValueAmbiguous",
        ErrorKind.InvalidArgument,
        $"-{parameter} '{value}' cannot be meant for several regions: its ids differ from region to region.",
        $"Give -{parameter} a table, such as @{{ 'eu-central-1' = '{value}' }}.",
        value);

    public static SwarmOpsException RegionHasNoDefaultVpc(string region) => new(
        "RegionHasNoDefaultVpc",
        ErrorKind.NotFound,
        $"The account has no default VPC with subnets in {region}.",
        $"Make one (aws ec2 create-default-vpc --region {region}), or give a public subnet: -SubnetId @{{ '{region}' = 'subnet-...' }}.",
        region);

    public static SwarmOpsException SubnetsInSeveralVpcs(string region, IEnumerable<string> vpcs) => new(
        "SubnetsInSeveralVpcs",
        ErrorKind.InvalidArgument,
        $"The subnets of -SubnetId for {region} are in several VPCs: {string.Join(", ", vpcs)}.",
        "Give subnets of one VPC; several of them are for several zones.",
        region);

    public static SwarmOpsException UbuntuImageNotFound(string region, string architecture) => new(
        "UbuntuImageNotFound",
        ErrorKind.NotFound,
        $"No Ubuntu LTS image of Canonical for {architecture} was found in {region}.",
        $"Give an image of Debian or Ubuntu: -ImageId @{{ '{region}' = 'ami-...' }}.",
        region);

    public static SwarmOpsException ImageNotFound(string region, string imageId) => new(
        "Ec2ImageNotFound",
        ErrorKind.NotFound,
        $"There is no image {imageId} in {region}.",
        "Give an -ImageId that exists in this region: image ids differ from region to region.",
        region);

    public static SwarmOpsException ImageArchitectureDiffers(string region, string imageId, string architecture, string instanceType, IEnumerable<string> supported) => new(
        "ImageArchitectureDiffers",
        ErrorKind.InvalidArgument,
        $"The image {imageId} in {region} is made for {architecture}, and {instanceType} runs {string.Join(" and ", supported)}.",
        "Give an -ImageId for the architecture of the instance type, or another -InstanceType.",
        region);

    public static SwarmOpsException NoZoneHasCapacity(string node, string region, string instanceType, IReadOnlyList<string> zones, Exception last) => new(
        "NoZoneHasCapacity",
        ErrorKind.InvalidState,
        $"No zone of {region} has room for a {instanceType} now ({string.Join(", ", zones)} were asked) to become {node}. EC2's last words: {last.Message}",
        $"Try again later, or give another -InstanceType; {Again}. The other regions' nodes are usable.",
        region,
        last);

    public static SwarmOpsException InstanceEnded(string node, string instanceId, string state, string? reason) => new(
        "InstanceEnded",
        ErrorKind.InvalidState,
        $"The instance {instanceId} of '{node}' is {state} instead of running: {reason ?? "EC2 gives no reason"}.",
        $"Fix what EC2 names (a quota of volumes, the key for EBS encryption), then {Again} with a new instance.",
        instanceId);

    public static SwarmOpsException InstanceNotRunning(string node, string instanceId, string state, TimeSpan waited) => new(
        "InstanceNotRunning",
        ErrorKind.Timeout,
        $"The instance {instanceId} of '{node}' is still {state} after {waited.TotalSeconds:0} s.",
        $"Wait longer with -TimeoutSeconds; {Again}.",
        instanceId);

    public static SwarmOpsException HostKeyNotShown(string node, string instanceId, TimeSpan waited) => new(
        "HostKeyNotShown",
        ErrorKind.Security,
        $"The console output of {instanceId} ('{node}') did not show its SSH host key within {waited.TotalSeconds:0} s, and no other is trusted.",
        $"Look at it (aws ec2 get-console-output --instance-id {instanceId}); {Again}. For an image that prints no fingerprints, read the host's own (EC2 serial console or Session Manager: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub) and pin it as the instance's tag {ClusterTags.HostKey}.",
        instanceId);

    public static SwarmOpsException CloudInitFailed(SwarmNode node, CloudInitReport report) => new(
        "CloudInitFailed",
        ErrorKind.InvalidState,
        $"The first boot of '{node.Name}' failed, says cloud-init: {report.Describe()}",
        $"Fix what it names on the node, then install the engine (Install-SwarmEngine), or remove the node (Remove-SwarmRegionNode) and make it anew.",
        node);

    public static SwarmOpsException NodeNotReady(SwarmNode node, TimeSpan waited, string last, Exception? cause) => new(
        "RegionNodeNotReady",
        ErrorKind.Timeout,
        $"'{node.Name}' ({node.InstanceId}) was not ready within {waited.TotalSeconds:0} s: {last}",
        $"Wait longer with -TimeoutSeconds; {Again}.",
        node,
        cause);
}
