namespace SwarmOps.Aws.Api;

/// <summary>The error codes of the calls in use. Source: the EC2 API Reference, "Error codes for the Amazon EC2 API"; codes of signing from "Common error types".</summary>
internal static class Ec2ErrorTable
{
    private const string Again = "run the same command again; it continues where it stopped.";

    private static readonly Ec2ErrorEntry Other = new(
        "Ec2CallRefused",
        ErrorKind.Engine,
        "Look up the code in the EC2 API Reference (Error codes), fix the cause, then " + Again
    );

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
        Add(
            new("AwsAccessDenied", ErrorKind.Permission, "Allow the user or role the IAM actions listed in docs/aws.md, then " + Again),
            "UnauthorizedOperation",
            "AccessDenied",
            "AccessDeniedException"
        );
        Add(
            new(
                "AwsCredentialsRefused",
                ErrorKind.Authentication,
                "Specify other credentials (-ProfileName, -AccessKey and -SecretKey, or -Credential), or renew these. The region must be enabled for the account."
            ),
            "AuthFailure",
            "InvalidClientTokenId",
            "UnrecognizedClientException",
            "MissingAuthenticationToken",
            "IncompleteSignature"
        );
        Add(
            new(
                "AwsSecretKeyWrong",
                ErrorKind.Authentication,
                "Specify the secret key that belongs to the access key, without surrounding spaces."
            ),
            "SignatureDoesNotMatch"
        );
        Add(
            new("AwsSessionExpired", ErrorKind.Authentication, "Get new temporary credentials (for SSO: aws sso login), then " + Again),
            "ExpiredToken",
            "ExpiredTokenException",
            "InvalidSecurityToken"
        );
        Add(
            new(
                "AwsRequestExpired",
                ErrorKind.Authentication,
                "Correct this machine's clock (timedatectl set-ntp true), or renew expired credentials, then " + Again
            ),
            "RequestExpired",
            "RequestTimeTooSkewed"
        );
        Add(
            new(
                "AwsAccountNotReady",
                ErrorKind.Permission,
                "Complete the account's registration or verification in the AWS console, or contact AWS Support."
            ),
            "OptInRequired",
            "PendingVerification",
            "Blocked"
        );
    }

    private static void AddService()
    {
        Add(
            new("Ec2Throttled", ErrorKind.Connection, "Wait a minute, specify a lower -ThrottleLimit, then " + Again),
            "RequestLimitExceeded",
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "RequestThrottled",
            "TooManyRequestsException",
            "SlowDown",
            "EC2ThrottledException"
        );
        Add(
            new("Ec2Unavailable", ErrorKind.Connection, "Check the AWS Health Dashboard, wait, then " + Again),
            "InternalError",
            "InternalFailure",
            "Unavailable",
            "ServiceUnavailable",
            "ServiceUnavailableException",
            "RequestTimeout"
        );
        Add(
            new("Ec2ParameterRefused", ErrorKind.InvalidArgument, "Correct the value that the message names."),
            "InvalidParameterValue",
            "InvalidParameter",
            "InvalidParameterCombination",
            "MissingParameter",
            "ValidationError"
        );
        Add(
            new(
                "Ec2TypeNotOffered",
                ErrorKind.InvalidArgument,
                "Specify another -InstanceType, or a -SubnetId in an Availability Zone that offers this one."
            ),
            "Unsupported",
            "UnsupportedOperation",
            "InvalidInstanceType"
        );
        Add(
            new(
                "Ec2DoneDifferently",
                ErrorKind.AlreadyExists,
                "An earlier run launched the same node with other options. Remove that node first (Remove-SwarmRegionNode), or specify the same options."
            ),
            "IdempotentParameterMismatch",
            "IdempotentInstanceTerminated"
        );
    }

    private static void AddLimits()
    {
        Add(
            new(
                "Ec2NoCapacity",
                ErrorKind.InvalidState,
                "AWS has no capacity for this instance type in the region at present. Specify another -InstanceType, or try again later. Nodes in other regions are usable."
            ),
            "InsufficientInstanceCapacity",
            "InsufficientHostCapacity",
            "InsufficientCapacity"
        );
        Add(
            new(
                "Ec2InstanceQuotaReached",
                ErrorKind.InvalidState,
                "Raise the quota 'Running On-Demand instances' of the region (Service Quotas, EC2), terminate other instances, or specify a smaller -InstanceType. Nodes in other regions are usable."
            ),
            "InstanceLimitExceeded",
            "VcpuLimitExceeded",
            "MaxSpotInstanceCountExceeded"
        );
        Add(
            new(
                "Ec2AddressQuotaReached",
                ErrorKind.InvalidState,
                "Raise the quota 'EC2-VPC Elastic IPs' of the region (Service Quotas), release unused addresses, or specify -ElasticIp:$false."
            ),
            "AddressLimitExceeded"
        );
        Add(
            new(
                "Ec2NoFreeAddress",
                ErrorKind.InvalidState,
                "The region has no free public address, or the subnet no free private address. Try again later, or specify another -SubnetId."
            ),
            "InsufficientAddressCapacity",
            "InsufficientFreeAddressesInSubnet"
        );
        Add(
            new(
                "Ec2RuleQuotaReached",
                ErrorKind.InvalidState,
                "Raise the quota 'Inbound or outbound rules per security group' (Service Quotas, VPC). Each other node needs five rules."
            ),
            "RulesPerSecurityGroupLimitExceeded"
        );
        Add(
            new("Ec2GroupQuotaReached", ErrorKind.InvalidState, "Delete unused security groups, or raise the quota (Service Quotas, VPC)."),
            "SecurityGroupLimitExceeded",
            "SecurityGroupsPerInstanceLimitExceeded",
            "SecurityGroupsPerInterfaceLimitExceeded"
        );
        Add(
            new("Ec2VolumeQuotaReached", ErrorKind.InvalidState, "Raise the quota of EBS storage in the region, or delete volumes."),
            "VolumeLimitExceeded",
            "MaxIOPSLimitExceeded"
        );
        Add(
            new("Ec2KeyPairQuotaReached", ErrorKind.InvalidState, "Delete unused key pairs in the region."),
            "KeyPairLimitExceeded",
            "ResourceLimitExceeded"
        );
        Add(new("Ec2TagQuotaReached", ErrorKind.InvalidState, "Remove your own tags from the resource."), "TagLimitExceeded");
    }

    private static void AddNetwork()
    {
        Add(
            new(
                "Ec2NoDefaultVpc",
                ErrorKind.NotFound,
                "The region has no default VPC. Create one (aws ec2 create-default-vpc), or specify a subnet with -SubnetId."
            ),
            "VPCIdNotSpecified",
            "DefaultVpcDoesNotExist",
            "MissingInput",
            "DefaultSubnetDoesNotExistInAvailabilityZone"
        );
        Add(
            new("Ec2VpcNotFound", ErrorKind.NotFound, "Specify a -SubnetId of a VPC that exists in this region and account."),
            "InvalidVpcID.NotFound",
            "InvalidVpcID.Malformed",
            "InvalidVpcId.NotFound"
        );
        Add(
            new(
                "Ec2SubnetNotFound",
                ErrorKind.NotFound,
                "Specify a -SubnetId that exists in this region and account (aws ec2 describe-subnets)."
            ),
            "InvalidSubnetID.NotFound",
            "InvalidSubnetID.Malformed",
            "InvalidSubnet"
        );
        Add(
            new("Ec2GroupNotFound", ErrorKind.NotFound, "The security group was deleted in the meantime: " + Again),
            "InvalidGroup.NotFound",
            "InvalidGroupId.Malformed",
            "InvalidSecurityGroupID.NotFound",
            "InvalidGroupId.NotFound"
        );
        Add(
            new(
                "Ec2GroupExists",
                ErrorKind.AlreadyExists,
                "A security group with this name exists in the VPC, but does not belong to the cluster. Delete it, or specify another -Cluster."
            ),
            "InvalidGroup.Duplicate"
        );
        Add(
            new(
                "Ec2GroupInUse",
                ErrorKind.InvalidState,
                "The security group is still used by a network interface or a rule of another group. Remove it there, then " + Again
            ),
            "DependencyViolation",
            "InvalidGroup.InUse",
            "CannotDelete"
        );
        Add(
            new("Ec2RuleExists", ErrorKind.AlreadyExists, "The security group was changed by someone else in the meantime: " + Again),
            "InvalidPermission.Duplicate"
        );
        Add(
            new("Ec2RuleNotFound", ErrorKind.NotFound, "The security group was changed by someone else in the meantime: " + Again),
            "InvalidPermission.NotFound",
            "InvalidSecurityGroupRuleId.NotFound",
            "InvalidSecurityGroupRule.NotFound"
        );
        Add(
            new("Ec2RuleRefused", ErrorKind.InvalidArgument, "Specify valid CIDRs and ports, such as 203.0.113.7/32 and 1 to 65535."),
            "InvalidPermission.Malformed"
        );
        Add(
            new("Ec2AddressNotFound", ErrorKind.NotFound, "The Elastic IP address was released in the meantime: " + Again),
            "InvalidAllocationID.NotFound",
            "InvalidAddressID.NotFound",
            "InvalidAddress.NotFound",
            "InvalidAssociationID.NotFound"
        );
        Add(
            new(
                "Ec2AddressInUse",
                ErrorKind.InvalidState,
                "The Elastic IP address is associated with another resource. Disassociate it there, then " + Again
            ),
            "Resource.AlreadyAssociated",
            "InvalidIPAddress.InUse"
        );
        Add(
            new(
                "Ec2AddressLocked",
                ErrorKind.Permission,
                "The Elastic IP address cannot be released because of a reverse DNS record or an account lock. Remove that, then " + Again
            ),
            "OperationNotPermitted.AddressLocked",
            "AddressLocked"
        );
    }

    private static void AddThings()
    {
        Add(
            new("Ec2ImageNotFound", ErrorKind.NotFound, "Specify an -ImageId that exists in this region. AMI ids differ between regions."),
            "InvalidAMIID.NotFound",
            "InvalidAMIID.Malformed",
            "InvalidAMIID.Unavailable",
            "InvalidAMIID.NotAvailable"
        );
        Add(new("Ec2KeyPairNotFound", ErrorKind.NotFound, "The key pair was deleted in the meantime: " + Again), "InvalidKeyPair.NotFound");
        Add(
            new(
                "Ec2KeyPairExists",
                ErrorKind.AlreadyExists,
                "A key pair with this name exists in the region with another public key. Delete it, or specify its private key with -KeyFilePath."
            ),
            "InvalidKeyPair.Duplicate"
        );
        Add(
            new("Ec2KeyRefused", ErrorKind.InvalidData, "Specify an RSA or ed25519 key in OpenSSH format with -KeyFilePath."),
            "InvalidKey.Format",
            "InvalidKeyPair.Format"
        );
        Add(
            new(
                "Ec2InstanceNotFound",
                ErrorKind.NotFound,
                "The instance does not exist any more, or belongs to another account or region. Check with Get-SwarmRegionNode, then "
                    + Again
            ),
            "InvalidInstanceID.NotFound",
            "InvalidInstanceID.Malformed",
            "InvalidInstanceID"
        );
        Add(
            new("Ec2InstanceInWrongState", ErrorKind.InvalidState, "Wait until the instance has started or stopped, then " + Again),
            "IncorrectInstanceState",
            "IncorrectState",
            "InvalidState"
        );
        Add(
            new(
                "Ec2TerminationProtected",
                ErrorKind.Permission,
                "Disable the termination protection (with Remove-SwarmRegionNode -Force or in the EC2 console), then " + Again
            ),
            "OperationNotPermitted"
        );
        Add(
            new(
                "Ec2EncryptionKeyUnusable",
                ErrorKind.Permission,
                "The account's KMS key for EBS encryption is disabled or inaccessible. Enable it in KMS, or choose another default key (EC2, Settings, EBS encryption)."
            ),
            "InvalidKMSKey.InvalidState",
            "KMSKeyNotAccessibleFault",
            "Client.InvalidKMSKey.InvalidState",
            "KmsKeyNotAccessible"
        );
    }

    private static void Add(Ec2ErrorEntry entry, params string[] codes)
    {
        foreach (var code in codes)
            Entries.Add(code, entry);
    }
}
