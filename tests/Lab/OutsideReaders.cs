using System.Globalization;
using System.Net;
using SwarmOps.GeoDns.Wire;

namespace SwarmOps.Tests.Lab;

/// <summary>
/// A reader for each continent, on the lab's own machine, which no maintenance touches: asks the name servers as a resolver of its continent does, keeps an answer for its time to live, and loads a page from it ten
/// times a second. A page that fails is not tried again.
/// </summary>
internal sealed class OutsideReaders(LabFixture lab) : IDisposable
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(5),
        Patience = TimeSpan.FromSeconds(2),
        Pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource stop = new();
    private Task<(string Region, int Pages, List<string> Failures)[]> work = Task.FromResult(
        Array.Empty<(string Region, int Pages, List<string> Failures)>()
    );

    public void Start() =>
        work = Task.WhenAll(GeoDnsGround.Continents.Select(continent => Task.Run(() => ReadAsync(continent.Key, continent.Value))));

    /// <summary>Ends the readers.</summary>
    public async Task<IReadOnlyList<(string Region, int Pages, List<string> Failures)>> StopAsync()
    {
        await stop.CancelAsync();
        return await work;
    }

    public void Dispose()
    {
        stop.Cancel();
        stop.Dispose();
    }

    private async Task<(string Region, int Pages, List<string> Failures)> ReadAsync(string region, string network)
    {
        var (pages, failures) = (0, new List<string>());
        while (!stop.IsCancellationRequested)
        {
            var address = await ResolveAsync(region, network);
            if (address is null)
                failures.Add($"{Now()} no name server answered");
            for (
                var end = Environment.TickCount64 + (long)TimeToLive.TotalMilliseconds;
                address is not null && Environment.TickCount64 < end && !stop.IsCancellationRequested;

            )
            {
                if (await LoadAsync(address) is { } failure)
                    failures.Add($"{Now()} {address}: {failure}");
                else
                    pages++;
                await Task.Delay(Pause);
            }
        }

        return (region, pages, failures);
    }

    private static string Now() => DateTime.UtcNow.ToString("HH:mm:ss.f", CultureInfo.InvariantCulture);

    /// <summary>Its own region's name server first, as resolvers prefer the fastest one.</summary>
    private async Task<string?> ResolveAsync(string region, string network)
    {
        foreach (var host in lab.Hosts.OrderBy(host => host.Region != region))
        {
            try
            {
                var reply = await DnsClient.AskAsync(
                    new IPEndPoint(IPAddress.Parse(host.PublicAddress), DnsClient.Port),
                    new DnsQuery(GeoDnsGround.Zone, DnsType.A) { Client = DnsNetwork.TryParse(network) },
                    isTcp: false,
                    Patience,
                    CancellationToken.None
                );
                if (reply.Addresses.Count > 0)
                    return reply.Addresses[0];
            }
            catch (IOException)
            {
                // The next name server.
            }
        }

        return null;
    }

    /// <returns>Why the page could not be loaded; null when it was.</returns>
    private static async Task<string?> LoadAsync(string address)
    {
        try
        {
            // A new connection for each page, as a new client would have.
            using var http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = Patience }) { Timeout = Patience };
            using var answer = await http.GetAsync(new Uri($"http://{address}:8085/"));
            return answer.IsSuccessStatusCode ? null : answer.StatusCode.ToString();
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return error.Message;
        }
    }
}
