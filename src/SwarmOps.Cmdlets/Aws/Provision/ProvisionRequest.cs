namespace SwarmOps.Aws.Provision;

/// <summary>What is asked for: the nodes of a cluster, so many in each region.</summary>
internal sealed record ProvisionRequest
{
    /// <summary>The cluster's name, checked.</summary>
    public required string Cluster { get; init; }

    /// <summary>The regions, each once.</summary>
    public required IReadOnlyList<string> Regions { get; init; }

    /// <summary>How many nodes each region shall have.</summary>
    public int CountPerRegion { get; init; } = 1;

    /// <summary>EC2's instance type of new nodes.</summary>
    public required string InstanceType { get; init; }

    /// <summary>Images, by region; a region without one takes Canonical's newest.</summary>
    public IReadOnlyDictionary<string, string> Images { get; init; } = new Dictionary<string, string>();

    /// <summary>Subnets, by region; a region without one takes those of its default VPC.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Subnets { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Whether each node gets an Elastic IP.</summary>
    public bool ElasticIp { get; init; } = true;

    /// <summary>Whether the API refuses to terminate the nodes.</summary>
    public bool TerminationProtection { get; init; }

    /// <summary>Size of a new node's root volume in GiB.</summary>
    public int VolumeSizeGiB { get; init; } = 20;

    /// <summary>The images' SSH user.</summary>
    public string User { get; init; } = InstanceMapper.DefaultUser;

    /// <summary>CIDRs from which SSH is let in; null keeps what the cluster has.</summary>
    public IReadOnlyList<string>? AllowSshFrom { get; init; }

    /// <summary>TCP ports that are open to the world; null keeps what the cluster has.</summary>
    public IReadOnlyList<int>? PublishPort { get; init; }

    /// <summary>The private key's file; null when the key is given as text.</summary>
    public string? KeyFilePath { get; init; }

    /// <summary>Secrets given with the command.</summary>
    public NodeCredential? Credential { get; init; }

    /// <summary>How long a node may take until its engine runs.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How many nodes are worked on at the same time.</summary>
    public int ThrottleLimit { get; init; } = 32;
}
