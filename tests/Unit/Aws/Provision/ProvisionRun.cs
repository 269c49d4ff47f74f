using Amazon.EC2.Model;
using Amazon.Runtime;
using SwarmOps.Aws.Cluster;
using SwarmOps.Aws.Provision;
using SwarmOps.Aws.Removal;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

/// <summary>Runs New-SwarmRegionNode's operation against a real EC2 API; only the hosts are missing.</summary>
internal sealed class ProvisionRun(Uri server)
{
    public const string HostKey = "SHA256:dGhpcyBpcyBub3QgYSByZWFsIGZpbmdlcnByaW50ISE";

    /// <summary>The keys that sign the calls.</summary>
    public AWSCredentials Keys { get; init; } = new BasicAWSCredentials("test", "test");

    /// <summary>All regions of the account; without it those of the request.</summary>
    public IReadOnlyList<string>? AllRegions { get; init; }

    /// <summary>The number of the call after which the run ends as if it were killed; 0 for none.</summary>
    public int DieAfter { get; init; }

    /// <summary>Whether calls that only read are counted, too.</summary>
    public bool CountReads { get; init; }

    /// <summary>How long each call is under way.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Answers <c>-Confirm</c>.</summary>
    public Func<string, bool> Consent { get; init; } = _ => true;

    /// <summary>Answers a call (by its body) with an error code of EC2; null lets it through.</summary>
    public Func<string, string?>? Refuse { get; init; }

    /// <summary>The same for the calls of a region, its name first.</summary>
    public Func<string, string, string?>? RefuseIn { get; init; }

    /// <summary>How long a node takes until it is ready.</summary>
    public Func<SwarmNode, TimeSpan> Boot { get; init; } = _ => TimeSpan.Zero;

    /// <summary>The request that most tests make.</summary>
    public static ProvisionRequest Request(string folder, string cluster, params IReadOnlyList<string> regions) =>
        new()
        {
            Cluster = cluster,
            Regions = regions,
            InstanceType = "t3.small",
            AllowSshFrom = ["198.51.100.7/32"],
            KeyFilePath = Path.Combine(folder, cluster),
            Timeout = TimeSpan.FromMinutes(3),
            // moto's instances run at once.
            FirstLook = TimeSpan.FromMilliseconds(50),
        };

    public async Task<ProvisionOutcome> RunAsync(ProvisionRequest request)
    {
        var context = new ProvisionContext { Consent = Consent };
        using var clients = Clients(context, [.. AllRegions ?? request.Regions]);
        var operation = new ProvisionOperation(context, clients, request)
        {
            HostKey = async (region, _, instance, _) =>
            {
                if (ClusterTags.Read(instance.Tags, ClusterTags.HostKey) is { } pinned)
                    return pinned;
                await region.AskAsync(
                    ec2 =>
                        ec2.CreateTagsAsync(
                            new CreateTagsRequest { Resources = [instance.InstanceId], Tags = [new Tag(ClusterTags.HostKey, HostKey)] },
                            context.CancellationToken
                        ),
                    context.CancellationToken
                );
                return HostKey;
            },
            Ready = async (node, _, _) =>
            {
                await Task.Delay(Boot(node), context.CancellationToken);
                return node with { EngineVersion = "26.1.5" };
            },
        };
        return await EndAsync(context, clients, operation.RunAsync);
    }

    /// <summary>Runs Remove-SwarmRegionNode's operation on a whole cluster whose nodes are in no swarm.</summary>
    public async Task<ProvisionOutcome> RemoveAsync(string cluster, params string[] regions)
    {
        var context = new ProvisionContext { Consent = Consent };
        using var clients = Clients(context, regions);
        var request = new RegionRemovalRequest(new RemovalSelection(cluster, null, []))
        {
            Options = new RegionRemovalOptions { Timeout = TimeSpan.FromSeconds(20) },
        };
        var operation = new RegionRemovalOperation(context, clients, request);
        return await EndAsync(context, clients, operation.RunAsync);
    }

    private ProvisionClients Clients(ProvisionContext context, string[] regions) =>
        new(server, Keys, regions)
        {
            Refuse = Refuse,
            RefuseIn = RefuseIn,
            CountReads = CountReads,
            Latency = Latency,
            Answered = (_, number) =>
            {
                if (number == DieAfter)
                    context.Stop.Cancel();
            },
        };

    private static async Task<ProvisionOutcome> EndAsync(ProvisionContext context, ProvisionClients clients, Func<Task> run)
    {
        var died = false;
        try
        {
            await run();
        }
        catch (OperationCanceledException)
        {
            died = true;
        }

        await clients.SettleAsync();

        return new ProvisionOutcome(
            context.Nodes,
            context.Emitted,
            context.Errors,
            context.Asked,
            clients.Count,
            [.. clients.Bodies],
            [.. context.Lines],
            died
        );
    }
}

/// <summary>What came of a run.</summary>
/// <param name="Nodes">The nodes, in the order in which they came out.</param>
/// <param name="Emitted">When each came out.</param>
/// <param name="Errors">The errors.</param>
/// <param name="Asked">The questions of ShouldProcess.</param>
/// <param name="Calls">How many calls were counted.</param>
/// <param name="Changes">The parameters of the calls that change something.</param>
/// <param name="Lines">What had a line of progress.</param>
/// <param name="Died">Whether it was ended before its end.</param>
internal sealed record ProvisionOutcome(
    IReadOnlyList<SwarmNode> Nodes,
    IReadOnlyList<DateTime> Emitted,
    IReadOnlyList<SwarmOpsException> Errors,
    IReadOnlyList<string> Asked,
    int Calls,
    IReadOnlyList<string> Changes,
    IReadOnlyList<string> Lines,
    bool Died
);
