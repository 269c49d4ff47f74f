namespace SwarmOps.Aws;

/// <summary>The error codes of the calls in use. Source: the EC2 API Reference, "Error codes for the Amazon EC2 API"; those of signing from "Common error types".</summary>
internal static class Ec2ErrorTable
{
    private const string Again = "run the same command again: it goes on where it stopped.";

    private static readonly Ec2ErrorEntry Other = new("Ec2CallRefused", ErrorKind.Engine, "Look the code up in the EC2 API Reference (Error codes), fix the cause, and " + Again);

    private static readonly Dictionary<string, Ec2ErrorEntry> Entries = new(StringComparer.Ordinal);

    static Ec2ErrorTable()
    {
        AddAccess();
        AddService();
        AddLimits();
        AddNetwork();
        AddThings();
    }

    /// <summary>The entry of a code.</summary>
    public static Ec2ErrorEntry Find(string code) => Entries.GetValueOrDefault(code, Other);

    /// <summary>All codes that have an entry.</summary>
    public static IReadOnlyCollection<string> Codes => Entries.Keys;

    private static void AddAccess()
    {
        Add(new("AwsAccessDenied", ErrorKind.Permission, "Give the user or role the IAM actions that docs/aws.md lists, then " + Again), "UnauthorizedOperation", "AccessDenied", "AccessDeniedException");
        Add(
            new("AwsCredentialsRefused", ErrorKind.Authentication, "Give other keys (-ProfileName, -AccessKey and -SecretKey, -Credential), or renew these; the region must be enabled for the account."),
            "AuthFailure", "InvalidClientTokenId", "UnrecognizedClientException", "MissingAuthenticationToken", "IncompleteSignature");
        Add(new("AwsSecretKeyWrong", ErrorKind.Authentication, "Give the secret key that belongs to the access key, without spaces around it."), "SignatureDoesNotMatch");
        Add(
            new("AwsSessionExpired", ErrorKind.Authentication, "Get new temporary keys (for SSO: aws sso login), then " + Again),
            "ExpiredToken", "ExpiredTokenException", "InvalidSecurityToken");
        Add(new("AwsRequestExpired", ErrorKind.Authentication, "Set this machine's clock (timedatectl set-ntp true), or renew expired keys, then " + Again), "RequestExpired", "RequestTimeTooSkewed");
        Add(new("AwsAccountNotReady", ErrorKind.Permission, "Finish the account's registration or verification in the AWS console, or ask AWS support."), "OptInRequired", "PendingVerification", "Blocked");
    }

    private static void AddService()
    {
        Add(
            new("Ec2Throttled", ErrorKind.Connection, "Wait a minute, lower -ThrottleLimit, and " + Again),
            "RequestLimitExceeded", "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "TooManyRequestsException", "SlowDown", "EC2ThrottledException");
        Add(
            new("Ec2Unavailable", ErrorKind.Connection, "Look at AWS's health dashboard, wait, and " + Again),
            "InternalError", "InternalFailure", "Unavailable", "ServiceUnavailable", "ServiceUnavailableException", "RequestTimeout");
        Add(new("Ec2ParameterRefused", ErrorKind.InvalidArgument, "Give the value that the message names another value."), "InvalidParameterValue", "InvalidParameter", "InvalidParameterCombination", "MissingParameter", "ValidationError");
        Add(new("Ec2TypeNotOffered", ErrorKind.InvalidArgument, "Give another -InstanceType, or a -SubnetId in a zone that offers this one."), "Unsupported", "UnsupportedOperation", "InvalidInstanceType");
        Add(new("Ec2DoneDifferently", ErrorKind.AlreadyExists, "An earlier run asked for the same node with other options: remove that node first (Remove-SwarmRegionNode), or ask for what it was."), "IdempotentParameterMismatch", "IdempotentInstanceTerminated");
    }

    private static void AddLimits()
    {
        Add(new("Ec2NoCapacity", ErrorKind.InvalidState, "AWS has no room for this instance type in the region now: give another -InstanceType, or try again later. The other regions' nodes are usable."), "InsufficientInstanceCapacity", "InsufficientHostCapacity", "InsufficientCapacity");
        Add(
            new("Ec2InstanceQuotaReached", ErrorKind.InvalidState, "Raise the quota 'Running On-Demand instances' of the region (Service Quotas, EC2), end other instances, or give a smaller -InstanceType. The other regions' nodes are usable."),
            "InstanceLimitExceeded", "VcpuLimitExceeded", "MaxSpotInstanceCountExceeded");
        Add(new("Ec2AddressQuotaReached", ErrorKind.InvalidState, "Raise the quota 'EC2-VPC Elastic IPs' of the region (Service Quotas), release unused addresses, or give -ElasticIp:$false."), "AddressLimitExceeded");
        Add(new("Ec2NoFreeAddress", ErrorKind.InvalidState, "The region has no public address, or the subnet no private one, left: try again later, or give another -SubnetId."), "InsufficientAddressCapacity", "InsufficientFreeAddressesInSubnet");
        Add(new("Ec2RuleQuotaReached", ErrorKind.InvalidState, "Raise the quota 'Inbound or outbound rules per security group' (Service Quotas, VPC): each peer needs five rules."), "RulesPerSecurityGroupLimitExceeded");
        Add(new("Ec2GroupQuotaReached", ErrorKind.InvalidState, "Remove security groups that nobody uses, or raise the quota (Service Quotas, VPC)."), "SecurityGroupLimitExceeded", "SecurityGroupsPerInstanceLimitExceeded", "SecurityGroupsPerInterfaceLimitExceeded");
        Add(new("Ec2VolumeQuotaReached", ErrorKind.InvalidState, "Raise the quota of EBS storage in the region, or remove volumes."), "VolumeLimitExceeded", "MaxIOPSLimitExceeded");
        Add(new("Ec2KeyPairQuotaReached", ErrorKind.InvalidState, "Remove key pairs that nobody uses in the region."), "KeyPairLimitExceeded", "ResourceLimitExceeded");
        Add(new("Ec2TagQuotaReached", ErrorKind.InvalidState, "Remove tags of your own from the resource."), "TagLimitExceeded");
    }

    private static void AddNetwork()
    {
        Add(new("Ec2NoDefaultVpc", ErrorKind.NotFound, "The region has no default VPC: make one (aws ec2 create-default-vpc), or give a subnet (-SubnetId)."), "VPCIdNotSpecified", "DefaultVpcDoesNotExist", "MissingInput", "DefaultSubnetDoesNotExistInAvailabilityZone");
        Add(new("Ec2VpcNotFound", ErrorKind.NotFound, "Give a -SubnetId of a VPC that exists in this region and account."), "InvalidVpcID.NotFound", "InvalidVpcID.Malformed", "InvalidVpcId.NotFound");
        Add(new("Ec2SubnetNotFound", ErrorKind.NotFound, "Give a -SubnetId that exists in this region and account (aws ec2 describe-subnets)."), "InvalidSubnetID.NotFound", "InvalidSubnetID.Malformed", "InvalidSubnet");
        Add(new("Ec2GroupNotFound", ErrorKind.NotFound, "The security group was removed meanwhile: " + Again), "InvalidGroup.NotFound", "InvalidGroupId.Malformed", "InvalidSecurityGroupID.NotFound", "InvalidGroupId.NotFound");
        Add(new("Ec2GroupExists", ErrorKind.AlreadyExists, "A security group of this name stands in the VPC and is not the cluster's: remove or rename it, or give another -Cluster."), "InvalidGroup.Duplicate");
        Add(new("Ec2GroupInUse", ErrorKind.InvalidState, "Something else still uses the security group (a network interface, a rule of another group): take it off there, then " + Again), "DependencyViolation", "InvalidGroup.InUse", "CannotDelete");
        Add(new("Ec2RuleExists", ErrorKind.AlreadyExists, "Someone else changed the security group meanwhile: " + Again), "InvalidPermission.Duplicate");
        Add(new("Ec2RuleNotFound", ErrorKind.NotFound, "Someone else changed the security group meanwhile: " + Again), "InvalidPermission.NotFound", "InvalidSecurityGroupRuleId.NotFound", "InvalidSecurityGroupRule.NotFound");
        Add(new("Ec2RuleRefused", ErrorKind.InvalidArgument, "Give CIDRs and ports that EC2 takes: 203.0.113.7/32, 1 to 65535."), "InvalidPermission.Malformed");
        Add(new("Ec2AddressNotFound", ErrorKind.NotFound, "The Elastic IP was released meanwhile: " + Again), "InvalidAllocationID.NotFound", "InvalidAddressID.NotFound", "InvalidAddress.NotFound", "InvalidAssociationID.NotFound");
        Add(new("Ec2AddressInUse", ErrorKind.InvalidState, "The Elastic IP is associated with something else: disassociate it there, then " + Again), "Resource.AlreadyAssociated", "InvalidIPAddress.InUse");
        Add(new("Ec2AddressLocked", ErrorKind.Permission, "The Elastic IP may not be released (a reverse DNS record, or a lock of the account): lift that, then " + Again), "OperationNotPermitted.AddressLocked", "AddressLocked");
    }

    private static void AddThings()
    {
        Add(new("Ec2ImageNotFound", ErrorKind.NotFound, "Give an -ImageId that exists in this region: image ids differ from region to region."), "InvalidAMIID.NotFound", "InvalidAMIID.Malformed", "InvalidAMIID.Unavailable", "InvalidAMIID.NotAvailable");
        Add(new("Ec2KeyPairNotFound", ErrorKind.NotFound, "The key pair was removed meanwhile: " + Again), "InvalidKeyPair.NotFound");
        Add(new("Ec2KeyPairExists", ErrorKind.AlreadyExists, "A key pair of this name stands in the region and holds another key: remove it, or give its private key with -KeyFilePath."), "InvalidKeyPair.Duplicate");
        Add(new("Ec2KeyRefused", ErrorKind.InvalidData, "Give an RSA or ed25519 key in OpenSSH's format with -KeyFilePath."), "InvalidKey.Format", "InvalidKeyPair.Format");
        Add(new("Ec2InstanceNotFound", ErrorKind.NotFound, "The instance is gone, or is another account's or region's: look with Get-SwarmRegionNode, then " + Again), "InvalidInstanceID.NotFound", "InvalidInstanceID.Malformed", "InvalidInstanceID");
        Add(new("Ec2InstanceInWrongState", ErrorKind.InvalidState, "Wait until the instance has started or stopped, then " + Again), "IncorrectInstanceState", "IncorrectState", "InvalidState");
        Add(new("Ec2TerminationProtected", ErrorKind.Permission, "Lift the termination protection (Remove-SwarmRegionNode -Force does, or the EC2 console), then " + Again), "OperationNotPermitted");
        Add(new("Ec2EncryptionKeyUnusable", ErrorKind.Permission, "The account's key for EBS encryption is disabled or out of reach: enable it in KMS, or choose another default key (EC2, Settings, EBS encryption)."), "InvalidKMSKey.InvalidState", "KMSKeyNotAccessibleFault", "Client.InvalidKMSKey.InvalidState", "KmsKeyNotAccessible");
        Add(new("Ec2ParameterNotFound", ErrorKind.NotFound, "The region has no such public parameter: give -ImageId."), "ParameterNotFound");
    }

    private static void Add(Ec2ErrorEntry entry, params string[] codes)
    {
        foreach (var code in codes)
            Entries.Add(code, entry);
    }
}
