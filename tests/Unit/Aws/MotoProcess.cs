using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace SwarmOps.Tests.Unit;

/// <summary>A moto server, a real EC2 API, on a port of its own. Starts when its address is first asked for.</summary>
internal sealed class MotoProcess(IReadOnlyDictionary<string, string> environment) : IAsyncDisposable
{
    private const string Program = "moto_server";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private readonly SemaphoreSlim starting = new(1);
    private readonly List<string> said = [];
    private Process? process;
    private Uri? address;

    public async Task<Uri> AddressAsync()
    {
        await starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return address ??= await StartAsync();
        }
        finally
        {
            starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        process?.Dispose();
        starting.Dispose();
    }

    private async Task<Uri> StartAsync()
    {
        var port = FreePort();
        var start = new ProcessStartInfo(Program, ["-H", "127.0.0.1", "-p", $"{port}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new InvalidOperationException($"The tests of EC2 need {Program} on PATH: pip install 'moto[server]'.", exception);
        }

        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) =>
        {
            lock (said)
                said.Add(line.Data ?? "");
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var uri = new Uri($"http://127.0.0.1:{port}/");
        await UntilAnsweringAsync(uri);
        return uri;
    }

    private async Task UntilAnsweringAsync(Uri uri)
    {
        using var http = new HttpClient();
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(uri, "moto-api/data.json"), TestContext.Current.CancellationToken);
                return;
            }
            catch (HttpRequestException) when (!process!.HasExited && watch.Elapsed < StartLimit)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
            catch (HttpRequestException exception)
            {
                throw new InvalidOperationException(
                    $"{Program} did not serve within {StartLimit.TotalSeconds} s: {string.Join(Environment.NewLine, said.TakeLast(20))}",
                    exception
                );
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
