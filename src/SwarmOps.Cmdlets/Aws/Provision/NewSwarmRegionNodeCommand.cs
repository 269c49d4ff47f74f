using System.Collections;
using System.Management.Automation;
using SwarmOps.Aws.Cluster;
using SwarmOps.Aws.Firewall;
using SwarmOps.Aws.Session;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Provision;

/// <summary><c>New-SwarmRegionNode</c>: creates EC2 instances that are ready to form a swarm, in many regions at once.</summary>
[Cmdlet(VerbsCommon.New, "SwarmRegionNode", SupportsShouldProcess = true)]
[OutputType(typeof(SwarmNode))]
public sealed class NewSwarmRegionNodeCommand : AwsCmdlet
{
    /// <summary>Name of the cluster; every created resource gets it as a tag.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ClusterNameCompleter))]
    public string Cluster { get; set; } = "";

    /// <summary>Number of nodes in each region.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int CountPerRegion { get; set; } = 1;

    /// <summary>EC2's instance type of new nodes.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(InstanceTypeCompleter))]
    [ValidateNotNullOrEmpty]
    public string InstanceType { get; set; } = "t3.small";

    /// <summary>AMIs of new nodes, as a hashtable of regions and ids; for one region just the id.</summary>
    [Parameter]
    [RegionalValueTransformation]
    [ValidateNotNull]
    public Hashtable ImageId { get; set; } = [];

    /// <summary>Public subnets for new nodes, as a hashtable of regions and ids; for one region just the ids.</summary>
    [Parameter]
    [RegionalValueTransformation]
    [ValidateNotNull]
    public Hashtable SubnetId { get; set; } = [];

    /// <summary>Gives each node an Elastic IP address, which it keeps when it is stopped. With -ElasticIp:$false its public address is temporary.</summary>
    [Parameter]
    public SwitchParameter ElasticIp { get; set; } = true;

    /// <summary>Enables termination protection, so that EC2 refuses to terminate the nodes until it is disabled.</summary>
    [Parameter]
    public SwitchParameter TerminationProtection { get; set; }

    /// <summary>Size of new nodes' root volume, in GiB.</summary>
    [Parameter]
    [ValidateRange(8, 16384)]
    public int VolumeSizeGiB { get; set; } = 20;

    /// <summary>The SSH user of the AMI.</summary>
    [Parameter]
    [ValidatePattern("^[a-z_][a-z0-9_-]{0,31}$")]
    public string User { get; set; } = InstanceMapper.DefaultUser;

    /// <summary>Addresses and networks that are allowed to use SSH; by default those of the cluster.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? AllowSshFrom { get; set; }

    /// <summary>Ports that are open to the internet, TCP or such as <c>53/udp</c>; by default those of the cluster.</summary>
    [Parameter]
    [ValidateNotNull]
    [AllowEmptyCollection]
    public string[]? PublishPort { get; set; }

    /// <summary>Path of the SSH private key file, which is created if it does not exist; by default ~/.ssh/swarmops-CLUSTER.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? KeyFilePath { get; set; }

    /// <summary>How long a node may take until its engine runs, and how long a call is repeated while EC2 throttles it, in seconds.</summary>
    [Parameter]
    [ValidateRange(10, 7200)]
    public int TimeoutSeconds { get; set; } = 900;

    /// <inheritdoc/>
    private protected override Task EndAsync(IOperationContext context)
    {
        var cluster = ClusterNames.Check(Cluster);
        var ssh = AllowSshFrom is null ? null : FirewallInput.Networks(context, AllowSshFrom);
        var ports = PublishPort is null ? null : FirewallInput.Ports(PublishPort);
        var keyFile =
            PrivateKey is { Length: > 0 } ? null
            : KeyFilePath is null ? ClusterNames.KeyFile(cluster)
            : FullPath(KeyFilePath);
        return WithEc2Async(
            context,
            clients =>
            {
                var regions =
                    clients.GivenRegions.Count > 0 ? clients.GivenRegions : [clients.DefaultRegion ?? throw AwsErrors.AwsRegionMissing()];
                return new ProvisionOperation(
                    context,
                    clients,
                    new ProvisionRequest
                    {
                        Cluster = cluster,
                        Regions = regions,
                        CountPerRegion = CountPerRegion,
                        InstanceType = InstanceType,
                        Images = RegionalValues
                            .Read(nameof(ImageId), ImageId, regions)
                            .ToDictionary(entry => entry.Key, entry => entry.Value[0]),
                        Subnets = RegionalValues.Read(nameof(SubnetId), SubnetId, regions),
                        ElasticIp = ElasticIp,
                        TerminationProtection = TerminationProtection,
                        VolumeSizeGiB = VolumeSizeGiB,
                        User = User,
                        AllowSshFrom = ssh,
                        PublishPort = ports,
                        KeyFilePath = keyFile,
                        Credential = GivenCredential,
                        Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                        ThrottleLimit = ThrottleLimit,
                    }
                ).RunAsync();
            },
            TimeSpan.FromSeconds(TimeoutSeconds)
        );
    }
}
