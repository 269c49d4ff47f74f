using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Amazon.EC2;
using Amazon.Runtime;
using SwarmOps.Aws.Api;

namespace SwarmOps.Tests.Unit;

/// <summary>Clients of a real EC2 API that can end the run after a call, and answer some calls as AWS does when it has no room.</summary>
internal sealed partial class ProvisionClients(Uri server, AWSCredentials keys, params string[] allRegions) : IEc2Clients
{
    private readonly ConcurrentDictionary<string, Ec2Region> regions = new();
    private readonly ConcurrentDictionary<Task, bool> sent = new();
    private int counted;

    /// <summary>Called with the name and number of each counted call that EC2 has answered.</summary>
    public Action<string, int>? Answered { get; init; }

    /// <summary>Answers a call (by its body) with an error code of EC2; null lets it through.</summary>
    public Func<string, string?>? Refuse { get; init; }

    /// <summary>The same for the calls of a region, its name first.</summary>
    public Func<string, string, string?>? RefuseIn { get; init; }

    /// <summary>Whether calls that only read are counted and told of, too.</summary>
    public bool CountReads { get; init; }

    /// <summary>How long each call is under way.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>How many calls were counted.</summary>
    public int Count => counted;

    /// <summary>The parameters of the calls that change something.</summary>
    public ConcurrentQueue<string> Bodies { get; } = new();

    public IReadOnlyList<string> GivenRegions => allRegions;

    public IReadOnlyList<string> ExcludedRegions => [];

    public string? DefaultRegion => null;

    public AwsCallLog Calls { get; } = new();

    public Ec2Region In(string region) =>
        regions.GetOrAdd(
            region,
            name => new Ec2Region(name, () => Watch(new AmazonEC2Client(keys, Configure(new AmazonEC2Config(), name)), name))
        );

    public Task<IReadOnlyList<string>> RegionsAsync(CancellationToken cancellationToken) => Task.FromResult(GivenRegions);

    public Task<IReadOnlyList<string>> AllRegionsAsync(CancellationToken cancellationToken) => Task.FromResult(GivenRegions);

    /// <summary>
    /// Waits until EC2 has dealt with every call that was sent, those of an ended run included. AWS itself makes nothing twice of a call
    /// that arrives late, by its ClientToken, which the EC2 API of the tests does not know.
    /// </summary>
    public async Task SettleAsync()
    {
        foreach (var call in sent.Keys)
            await call.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    public void Dispose()
    {
        foreach (var region in regions.Values)
            region.Dispose();
    }

    private TConfig Configure<TConfig>(TConfig config, string region)
        where TConfig : ClientConfig
    {
        config.ServiceURL = server.AbsoluteUri;
        config.AuthenticationRegion = region;
        // An answer that is refused on purpose counts; a connection that a busy machine drops does not, as for the cmdlets' own clients.
        config.MaxErrorRetry = Refuse is null && RefuseIn is null ? Ec2Clients.Retries : 0;
        config.HttpClientFactory = new Factory(
            body => Refuse?.Invoke(body) ?? RefuseIn?.Invoke(region, body),
            Note,
            Latency,
            call => sent.TryAdd(call, true)
        );
        return config;
    }

    private AmazonEC2Client Watch(AmazonEC2Client client, string region)
    {
        Calls.Watch(client, "ec2", region);
        return client;
    }

    private void Note(string body)
    {
        var name = Action().Match(body).Groups[1].Value;
        var reads = name.StartsWith("Describe", StringComparison.Ordinal) || name.StartsWith("Get", StringComparison.Ordinal);
        if (!reads)
            Bodies.Enqueue(body);
        if (!reads || CountReads)
            Answered?.Invoke(name, Interlocked.Increment(ref counted));
    }

    [GeneratedRegex("(?:^|&)Action=([A-Za-z]+)")]
    private static partial Regex Action();

    /// <summary>The SDK's own way to put something between it and the network.</summary>
    private sealed class Factory(Func<string, string?>? refuse, Action<string> count, TimeSpan latency, Action<Task> note)
        : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) =>
            new(new Handler(refuse, count, latency, note)) { Timeout = TimeSpan.FromSeconds(100) };

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }

    private sealed class Handler(Func<string, string?>? refuse, Action<string> count, TimeSpan latency, Action<Task> note)
        : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(latency, cancellationToken);
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            if (refuse?.Invoke(body) is not { } code)
            {
                cancellationToken.ThrowIfCancellationRequested();
                // As on a real network: who gives up waiting does not take back what was sent.
                var call = base.SendAsync(request, CancellationToken.None);
                note(call);
                var answer = await call.WaitAsync(cancellationToken);
                count(body);
                return answer;
            }

            var status = code.StartsWith("Insufficient", StringComparison.Ordinal)
                ? HttpStatusCode.InternalServerError
                : HttpStatusCode.BadRequest;
            var xml =
                $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>{code}</Code><Message>We said {code}.</Message></Error></Errors><RequestID>ea966190-f9aa-478e-9ede-example</RequestID></Response>";
            return new HttpResponseMessage(status)
            {
                Content = new StringContent(xml, Encoding.UTF8, "text/xml"),
                RequestMessage = request,
            };
        }
    }
}
