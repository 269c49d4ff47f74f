using System.Text;
using Amazon.Runtime;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Provision;
using SwarmOps.Aws.Removal;
using SwarmOps.Aws.Session;

namespace SwarmOps.Tests.Unit;

/// <summary>
/// An account with few regions whose instances print their host keys: moto behind a proxy that sees every attempt. New- and Remove-SwarmRegionNode use it with the clients
/// that they really have, retries and all; only the hosts are missing.
/// </summary>
internal sealed class ProvisionAccount : IDisposable
{
    private const string Fingerprint = "SHA256:dGhpcyBpcyBub3QgYSByZWFsIGZpbmdlcnByaW50ISE";

    private readonly IReadOnlyList<string> regions;

    /// <param name="server">moto.</param>
    /// <param name="regions">All regions of the account.</param>
    public ProvisionAccount(Uri server, params IReadOnlyList<string> regions)
    {
        this.regions = regions;
        Proxy = new AwsProxy(server) { Answer = attempt => Answer(attempt) ?? AnswerItself(attempt) };
    }

    /// <summary>The server that the clients talk to.</summary>
    public AwsProxy Proxy { get; }

    /// <summary>Answers an attempt as EC2 would; null lets it through.</summary>
    public Func<AwsAttempt, AwsAnswer?> Answer { get; set; } = _ => null;

    /// <summary>How long throttled calls are repeated after the attempts of the SDK.</summary>
    public TimeSpan Patience { get; init; }

    /// <summary>What was told of throttling: the region, and whether a call waits.</summary>
    public List<(string Region, bool IsWaiting)> Told { get; } = [];

    /// <summary>The names and numbers of the calls in a region since the last time that they were asked for.</summary>
    public IReadOnlyDictionary<string, int> Calls(string region) =>
        Proxy.Attempts.Where(attempt => attempt.Region == region).CountBy(attempt => attempt.Action).ToDictionary();

    /// <summary>Runs New-SwarmRegionNode's operation.</summary>
    public Task<ProvisionOutcome> MakeAsync(ProvisionRequest request) =>
        RunAsync(
            request.Regions,
            (context, clients) =>
                new ProvisionOperation(context, clients, request) { Ready = (node, _, _) => Task.FromResult(node) }.RunAsync()
        );

    /// <summary>Runs Remove-SwarmRegionNode's operation on a whole cluster whose nodes are in no swarm.</summary>
    public Task<ProvisionOutcome> RemoveAsync(string cluster) =>
        RunAsync(
            [],
            (context, clients) =>
                new RegionRemovalOperation(
                    context,
                    clients,
                    new RegionRemovalRequest(new RemovalSelection(cluster, null, []))
                    {
                        Options = new RegionRemovalOptions { Timeout = TimeSpan.FromSeconds(30) },
                    }
                ).RunAsync()
        );

    public void Dispose() => Proxy.Dispose();

    private async Task<ProvisionOutcome> RunAsync(IReadOnlyList<string> given, Func<ProvisionContext, IEc2Clients, Task> run)
    {
        Proxy.Attempts.Clear();
        var context = new ProvisionContext();
        using var clients = new Ec2Clients(
            new AwsSettings { EndpointUrl = Proxy.Address },
            new BasicAWSCredentials("test", "test"),
            given,
            regions[0]
        )
        {
            Patience = new Ec2Patience(Patience, Tell),
        };
        await run(context, clients);
        return new ProvisionOutcome(context.Nodes, context.Emitted, context.Errors, context.Asked, 0, [], [.. context.Lines], false);
    }

    private void Tell(string region, TimeSpan? pause)
    {
        lock (Told)
            Told.Add((region, pause is not null));
    }

    private AwsAnswer? AnswerItself(AwsAttempt attempt) =>
        attempt.Action switch
        {
            "DescribeRegions" => new AwsAnswer(
                200,
                $"<DescribeRegionsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><regionInfo>{string.Concat(regions.Select(region => $"<item><regionName>{region}</regionName></item>"))}</regionInfo></DescribeRegionsResponse>"
            ),
            "GetConsoleOutput" => new AwsAnswer(
                200,
                $"<GetConsoleOutputResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><instanceId>i-1</instanceId><output>{Console()}</output></GetConsoleOutputResponse>"
            ),
            _ => null,
        };

    private static string Console() =>
        Convert.ToBase64String(
            Encoding.UTF8.GetBytes($"{ConsoleHostKey.Begin}\n256 {Fingerprint} root@host (ED25519)\n{ConsoleHostKey.End}\n")
        );
}
