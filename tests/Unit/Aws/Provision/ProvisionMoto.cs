using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Amazon.EC2;
using Amazon.Runtime;

namespace SwarmOps.Tests.Unit;

/// <summary>moto with its strict switches, and with images of Canonical's names in every region.</summary>
public sealed class ProvisionMoto : IAsyncDisposable
{
    public const string Intel = "ami-0a0000000000000a1";
    public const string Arm = "ami-0a0000000000000b1";
    public const string Old = "ami-0a0000000000000c1";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private readonly string images = Path.GetTempFileName();
    private readonly SemaphoreSlim starting = new(1);
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

    internal async Task<AmazonEC2Client> ClientAsync(string region) => new(
        new BasicAWSCredentials("test", "test"), new AmazonEC2Config { ServiceURL = (await AddressAsync()).AbsoluteUri, AuthenticationRegion = region });

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        process?.Dispose();
        starting.Dispose();
        File.Delete(images);
    }

    private async Task<Uri> StartAsync()
    {
        var year = (DateTime.UtcNow.Year - DateTime.UtcNow.Year % 2) % 100;
        await File.WriteAllTextAsync(images, JsonSerializer.Serialize(new[]
        {
            Image(Intel, $"ubuntu/images/hvm-ssd-gp3/ubuntu-noble-{year}.04-amd64-server-20260901", "x86_64"),
            Image(Arm, $"ubuntu/images/hvm-ssd-gp3/ubuntu-noble-{year}.04-arm64-server-20260901", "arm64"),
            Image(Old, $"ubuntu/images/hvm-ssd/ubuntu-jammy-{year - 2}.04-amd64-server-20260902", "x86_64"),
        }));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var start = new ProcessStartInfo("moto_server", ["-H", "127.0.0.1", "-p", $"{port}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MOTO_AMIS_PATH"] = images;
        foreach (var strict in new[] { "MOTO_ENABLE_AMI_VALIDATION", "MOTO_ENABLE_KEYPAIR_VALIDATION", "MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION" })
            start.Environment[strict] = "true";
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var uri = new Uri($"http://127.0.0.1:{port}/");
        using var http = new HttpClient();
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(uri, "moto-api/data.json"), TestContext.Current.CancellationToken);
                return uri;
            }
            catch (HttpRequestException) when (!process.HasExited && watch.Elapsed < StartLimit)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }

    private static Dictionary<string, object> Image(string id, string name, string architecture) => new()
    {
        ["ami_id"] = id,
        ["name"] = name,
        ["architecture"] = architecture,
        ["owner_id"] = "099720109477",
        ["state"] = "available",
        ["public"] = true,
        ["image_location"] = name,
        ["sriov"] = "simple",
        ["root_device_type"] = "ebs",
        ["root_device_name"] = "/dev/sda1",
        ["description"] = "for the tests",
        ["image_type"] = "machine",
        ["virtualization_type"] = "hvm",
        ["hypervisor"] = "xen",
    };
}
