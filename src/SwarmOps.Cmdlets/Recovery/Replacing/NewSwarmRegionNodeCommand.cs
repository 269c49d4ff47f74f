using System.Collections;
using System.Management.Automation;
using SwarmOps.Aws;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Cluster;
using SwarmOps.Aws.Firewall;
using SwarmOps.Aws.Provision;
using SwarmOps.Aws.Session;
using SwarmOps.Pipeline;

namespace SwarmOps.Recovery.Replacing;

/// <summary><c>New-SwarmRegionNode</c>: creates EC2 instances that are ready to form a swarm, in many regions at once, or a new instance in place of a member's.</summary>
[Cmdlet(VerbsCommon.New, "SwarmRegionNode", DefaultParameterSetName = ByCount, SupportsShouldProcess = true)]
[OutputType(typeof(SwarmNode))]
public sealed class NewSwarmRegionNodeCommand : AwsCmdlet
{
    private const string ByCount = "ByCount";
    private const string ByName = "ByName";

    /// <summary>Name of the cluster; every created resource gets it as a tag.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ClusterNameCompleter))]
    public string Cluster { get; set; } = "";

    /// <summary>Name of a node whose instance is dead or outdated: it is terminated, and a new one takes its name, its Elastic IP address and its place in the swarm.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegionNodeNameCompleter))]
    public string Replace { get; set; } = "";

    /// <summary>Replaces without a question, although data on the old host is lost or databases are not whole, and disables termination protection.</summary>
    [Parameter(ParameterSetName = ByName)]
    public SwitchParameter Force { get; set; }

    /// <summary>How long to wait for another command that is changing the swarm, in seconds; 0 does not wait for a command that is still running.</summary>
    [Parameter(ParameterSetName = ByName)]
    [ValidateRange(0, LockSettings.LongestWaitSeconds)]
    public int WaitForLock { get; set; } = LockSettings.DefaultWaitSeconds;

    /// <summary>Number of nodes in each region.</summary>
    [Parameter(ParameterSetName = ByCount)]
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
        return WithEc2Async(context, clients => RunAsync(context, clients, Request(clients)), TimeSpan.FromSeconds(TimeoutSeconds));

        ProvisionRequest Request(IEc2Clients clients)
        {
            var regions =
                clients.GivenRegions.Count > 0 ? clients.GivenRegions
                : ParameterSetName == ByName
                    ? [ClusterNames.RegionOfNode(cluster, Replace) ?? throw ReplaceErrors.ReplacedNameInvalid(Replace, cluster)]
                : [clients.DefaultRegion ?? throw AwsErrors.AwsRegionMissing()];
            return new ProvisionRequest
            {
                Cluster = cluster,
                Regions = regions,
                CountPerRegion = CountPerRegion,
                InstanceType = InstanceType,
                Images = RegionalValues.Read(nameof(ImageId), ImageId, regions).ToDictionary(entry => entry.Key, entry => entry.Value[0]),
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
            };
        }
    }

    private Task RunAsync(IOperationContext context, IEc2Clients clients, ProvisionRequest request) =>
        ParameterSetName == ByName
            ? new ReplaceOperation(
                context,
                clients,
                new ReplaceRequest(Replace, request)
                {
                    HasInstanceType = Has(nameof(InstanceType)),
                    IsForced = Force,
                    Lock = LockSettings.Of(this, WaitForLock),
                }
            ).RunAsync()
            : new ProvisionOperation(context, clients, request).RunAsync();
}
