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

    /// <summary>The account's quota of rules is raised, as that of a large cluster has to be; moto's is fixed.</summary>
    private const string Quota = """
        from moto.ec2.models.security_groups import SecurityGroupBackend
        SecurityGroupBackend._verify_group_will_respect_rule_count_limit = lambda *arguments, **named: None
        """;

    private readonly string images = Path.GetTempFileName();
    private readonly DirectoryInfo python = Directory.CreateTempSubdirectory();
    private readonly MotoProcess moto;

    public ProvisionMoto()
    {
        var year = (DateTime.UtcNow.Year - DateTime.UtcNow.Year % 2) % 100;
        File.WriteAllText(
            images,
            JsonSerializer.Serialize(
                new[]
                {
                    Image(Intel, $"ubuntu/images/hvm-ssd-gp3/ubuntu-noble-{year}.04-amd64-server-20260901", "x86_64"),
                    Image(Arm, $"ubuntu/images/hvm-ssd-gp3/ubuntu-noble-{year}.04-arm64-server-20260901", "arm64"),
                    Image(Old, $"ubuntu/images/hvm-ssd/ubuntu-jammy-{year - 2}.04-amd64-server-20260902", "x86_64"),
                }
            )
        );
        // Python imports this file when it starts.
        File.WriteAllText(Path.Combine(python.FullName, "sitecustomize.py"), Quota);
        moto = new MotoProcess(
            new Dictionary<string, string>
            {
                ["PYTHONPATH"] = python.FullName,
                ["MOTO_AMIS_PATH"] = images,
                ["MOTO_ENABLE_AMI_VALIDATION"] = "true",
                ["MOTO_ENABLE_KEYPAIR_VALIDATION"] = "true",
                ["MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION"] = "true",
            }
        );
    }

    public Task<Uri> AddressAsync() => moto.AddressAsync();

    internal async Task<AmazonEC2Client> ClientAsync(string region) =>
        new(
            new BasicAWSCredentials("test", "test"),
            new AmazonEC2Config { ServiceURL = (await AddressAsync()).AbsoluteUri, AuthenticationRegion = region }
        );

    public async ValueTask DisposeAsync()
    {
        await moto.DisposeAsync();
        File.Delete(images);
        python.Delete(recursive: true);
    }

    private static Dictionary<string, object> Image(string id, string name, string architecture) =>
        new()
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
