using System.Net;
using System.Net.Sockets;
using System.Security;
using SwarmOps.Nodes;

namespace SwarmOps.Tests.Unit;

public sealed class NodesFactoryTests : IDisposable
{
    private readonly FakeContext context = new();
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task An_address_is_enough()
    {
        var node = await CreateAsync(new NodeDescription { PublicAddress = "203.0.113.17" });
        Assert.Equal("203.0.113.17", node.Name);
        Assert.Equal("203.0.113.17", node.AdvertiseAddress);
        Assert.Equal("ssh://root@203.0.113.17", node.DockerHost);
        Assert.Equal(HostKeyPolicy.Strict, node.HostKeyPolicy);
    }

    [Theory]
    [InlineData("203.0.113.17", "admin", "2222", "ssh://admin@203.0.113.17:2222")]
    [InlineData("203.0.113.17", null, "22", "ssh://root@203.0.113.17")]
    [InlineData("2001:db8::17", "ubuntu", "", "ssh://ubuntu@[2001:db8::17]")]
    [InlineData("[2001:DB8::17]", null, null, "ssh://root@[2001:db8::17]")]
    [InlineData("one.example", "CORP\\admin", null, "ssh://CORP%5Cadmin@one.example")]
    public async Task The_endpoint_follows_from_user_address_and_port(string address, string? user, string? port, string endpoint)
    {
        var node = await CreateAsync(
            new NodeDescription
            {
                PublicAddress = address,
                User = user,
                Port = port,
            }
        );
        Assert.Equal(endpoint, node.DockerHost);
    }

    [Theory]
    [InlineData("203.0.113.17", "10.0.0.5", null, "203.0.113.17")]
    [InlineData(null, "10.0.0.5", null, "10.0.0.5")]
    [InlineData("203.0.113.17", "10.0.0.5", "10.0.0.5", "10.0.0.5")]
    [InlineData("203.0.113.17", null, "one.example", "198.51.100.1")]
    public async Task The_advertise_address_is_the_given_the_public_or_the_private_one(
        string? given,
        string? own,
        string? advertise,
        string expected
    )
    {
        var node = await CreateAsync(
            new NodeDescription
            {
                PublicAddress = given,
                PrivateAddress = own,
                AdvertiseAddress = advertise,
            }
        );
        Assert.Equal(expected, node.AdvertiseAddress);
    }

    [Theory]
    [InlineData("ssh://root@203.0.113.17:2200", "203.0.113.17", "203.0.113.17")]
    [InlineData("ssh://root@one.example", "one.example", "198.51.100.1")]
    [InlineData("tcp://203.0.113.17:2376", "203.0.113.17", "203.0.113.17")]
    [InlineData("ssh://root@127.0.0.1:2201", "127.0.0.1", null)]
    [InlineData("ssh://root@nowhere.example", "nowhere.example", null)]
    [InlineData("unix:///var/run/docker.sock", "localhost", null)]
    public async Task An_endpoint_gives_name_and_address_where_it_can(string endpoint, string name, string? advertise)
    {
        var node = await CreateAsync(new NodeDescription { DockerHost = endpoint });
        Assert.Equal(name, node.Name);
        Assert.Equal(advertise, node.AdvertiseAddress);
        Assert.Equal(endpoint, node.DockerHost);
    }

    [Fact]
    public async Task Of_several_addresses_the_lowest_IPv4_is_taken_and_a_warning_says_so()
    {
        var node = await CreateAsync(new NodeDescription { PublicAddress = "many.example" });
        Assert.Equal("198.51.100.9", node.PublicAddress);
        Assert.Contains("3 addresses", Assert.Single(context.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loopback_address_beside_a_real_one_does_not_count()
    {
        var node = await CreateAsync(new NodeDescription { PublicAddress = "debian.example" });
        Assert.Equal("198.51.100.4", node.PublicAddress);
        Assert.Empty(context.Warnings);
    }

    [Fact]
    public async Task An_IPv6_only_name_gives_its_IPv6_address() =>
        Assert.Equal("2001:db8::6", (await CreateAsync(new NodeDescription { PublicAddress = "six.example" })).PublicAddress);

    [Fact]
    public async Task IPv4_within_IPv6_is_IPv4() =>
        Assert.Equal("203.0.113.17", (await CreateAsync(new NodeDescription { PublicAddress = "::ffff:203.0.113.17" })).PublicAddress);

    [Fact]
    public async Task Empty_cells_and_white_space_of_an_inventory_do_not_matter()
    {
        var node = await CreateAsync(
            new NodeDescription
            {
                Name = " web-1 ",
                Region = "",
                Zone = "  ",
                PublicAddress = " 203.0.113.17 ",
                Port = "",
                HostKeyPolicy = "",
                User = "",
            }
        );
        Assert.Equal("web-1", node.Name);
        Assert.Null(node.Region);
        Assert.Null(node.Zone);
        Assert.Equal("ssh://root@203.0.113.17", node.DockerHost);
    }

    [Theory]
    [InlineData("AcceptNew")]
    [InlineData("acceptnew")]
    [InlineData("1")]
    public async Task The_policy_is_read_by_name_and_as_JSON_writes_it(string text) =>
        Assert.Equal(
            HostKeyPolicy.AcceptNew,
            (await CreateAsync(new NodeDescription { PublicAddress = "203.0.113.17", HostKeyPolicy = text })).HostKeyPolicy
        );

    [Fact]
    public async Task The_endpoint_wins_over_user_and_port_and_a_warning_says_so()
    {
        var node = await CreateAsync(
            new NodeDescription
            {
                DockerHost = "ssh://admin@203.0.113.17",
                User = "root",
                Port = "2222",
            }
        );
        Assert.Equal("ssh://admin@203.0.113.17", node.DockerHost);
        Assert.Equal(2, context.Warnings.Count);
    }

    [Fact]
    public async Task Secrets_stay_out_of_every_public_property()
    {
        var secret = new SecureString();
        foreach (var letter in "s3cret")
            secret.AppendChar(letter);
        var node = await CreateAsync(
            new NodeDescription
            {
                PublicAddress = "203.0.113.17",
                Credential = new NodeCredential { PrivateKey = secret },
            }
        );
        Assert.Same(secret, node.Credential!.PrivateKey);
        Assert.DoesNotContain("Credential", System.Text.Json.JsonSerializer.Serialize(node), StringComparison.Ordinal);
        Assert.DoesNotContain(typeof(SwarmNode).GetProperties(), property => property.PropertyType == typeof(NodeCredential));
    }

    [Fact]
    public async Task A_key_from_a_vault_makes_the_file_irrelevant()
    {
        var node = await CreateAsync(
            new NodeDescription
            {
                PublicAddress = "203.0.113.17",
                KeyFilePath = "/nowhere/key",
                Credential = new NodeCredential { PrivateKey = new SecureString() },
            }
        );
        Assert.Equal("/nowhere/key", node.KeyFilePath);
    }

    public static TheoryData<string, string> BadInputs =>
        new()
        {
            { "{}", "NodeAddressMissing" },
            { """{"Name":"a"}""", "NodeAddressMissing" },
            { """{"PublicAddress":"203.0.113.1","Name":"web*"}""", "NodeNameInvalid" },
            { """{"PublicAddress":"203.0.113.1","Name":"we\u0007b"}""", "NodeNameInvalid" },
            { """{"PublicAddress":"203.0.113.1","Region":"eu\n1"}""", "RegionInvalid" },
            { """{"PublicAddress":"203.0.113.1","Zone":"eu\t1"}""", "ZoneInvalid" },
            { """{"PublicAddress":"203.0.113"}""", "AddressInvalid" },
            { """{"PublicAddress":"203.0.113.256"}""", "AddressInvalid" },
            { """{"PublicAddress":"203.0.113.01"}""", "AddressInvalid" },
            { """{"PublicAddress":"3405803777"}""", "AddressInvalid" },
            { """{"PublicAddress":"0xCB007101"}""", "AddressInvalid" },
            { """{"PublicAddress":"203.0.113.1/24"}""", "AddressInvalid" },
            { """{"PublicAddress":"203.0.113.1:22"}""", "AddressInvalid" },
            { """{"PublicAddress":"root@203.0.113.1"}""", "AddressInvalid" },
            { """{"PublicAddress":"ssh://203.0.113.1"}""", "AddressInvalid" },
            { """{"PublicAddress":"web 1"}""", "AddressInvalid" },
            { """{"PublicAddress":"-web.example"}""", "AddressInvalid" },
            { """{"PublicAddress":"2001:db8::g"}""", "AddressInvalid" },
            { """{"PublicAddress":"nowhere.example"}""", "AddressNotResolvable" },
            { """{"PublicAddress":"empty.example"}""", "AddressNotResolvable" },
            { """{"PublicAddress":"slow.example"}""", "AddressResolutionTimedOut" },
            { """{"PublicAddress":"203.0.113.1","AdvertiseAddress":"127.0.0.1"}""", "AddressIsLoopback" },
            { """{"PublicAddress":"203.0.113.1","AdvertiseAddress":"::1"}""", "AddressIsLoopback" },
            { """{"PublicAddress":"203.0.113.1","AdvertiseAddress":"loop.example"}""", "AddressIsLoopback" },
            { """{"PublicAddress":"203.0.113.1","AdvertiseAddress":"0.0.0.0"}""", "AddressIsUnspecified" },
            { """{"PublicAddress":"203.0.113.1","AdvertiseAddress":"::"}""", "AddressIsUnspecified" },
            { """{"PublicAddress":"203.0.113.1","AdvertiseAddress":"169.254.1.1"}""", "AddressIsLinkLocal" },
            { """{"PublicAddress":"203.0.113.1","AdvertiseAddress":"fe80::1"}""", "AddressIsLinkLocal" },
            { """{"PublicAddress":"203.0.113.1","AdvertiseAddress":"224.0.0.1"}""", "AddressIsMulticast" },
            { """{"PublicAddress":"203.0.113.1","AdvertiseAddress":"ff02::1"}""", "AddressIsMulticast" },
            { """{"PublicAddress":"203.0.113.1","AdvertiseAddress":"255.255.255.255"}""", "AddressIsBroadcast" },
            { """{"PublicAddress":"203.0.113.1","AdvertiseAddress":"240.0.0.1"}""", "AddressIsReserved" },
            { """{"PublicAddress":"127.0.0.1"}""", "AddressIsLoopback" },
            { """{"PublicAddress":"203.0.113.1","PrivateAddress":"web.example"}""", "AddressInvalid" },
            { """{"PublicAddress":"203.0.113.1","PrivateAddress":"127.0.0.1"}""", "AddressIsLoopback" },
            { """{"PublicAddress":"203.0.113.1","User":"root:secret"}""", "UserInvalid" },
            { """{"PublicAddress":"203.0.113.1","User":"-oProxyCommand=x"}""", "UserInvalid" },
            { """{"PublicAddress":"203.0.113.1","Port":"0"}""", "SshPortInvalid" },
            { """{"PublicAddress":"203.0.113.1","Port":"65536"}""", "SshPortInvalid" },
            { """{"PublicAddress":"203.0.113.1","Port":"ssh"}""", "SshPortInvalid" },
            { """{"PublicAddress":"203.0.113.1","Port":"-22"}""", "SshPortInvalid" },
            { """{"PublicAddress":"203.0.113.1","HostKeyFingerprint":"SHA256:abc"}""", "HostKeyFingerprintInvalid" },
            {
                """{"PublicAddress":"203.0.113.1","HostKeyFingerprint":"MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48"}""",
                "HostKeyFingerprintInvalid"
            },
            {
                """{"PublicAddress":"203.0.113.1","HostKeyFingerprint":"SHA256:yJreMtaxXcDuxkYMUjuPfFOA1y/CxSeVLpdwPZx67EV"}""",
                "HostKeyFingerprintInvalid"
            },
            { """{"PublicAddress":"203.0.113.1","HostKeyPolicy":"Never"}""", "HostKeyPolicyInvalid" },
            { """{"PublicAddress":"203.0.113.1","HostKeyPolicy":"7"}""", "HostKeyPolicyInvalid" },
            { """{"PublicAddress":"203.0.113.1","KeyFilePath":"/nowhere/key"}""", "SshKeyNotFound" },
            { """{"PublicAddress":"203.0.113.1","KeyFilePath":"{folder}"}""", "SshKeyNotFound" },
            { """{"PublicAddress":"203.0.113.1","KeyFilePath":"{folder}/key.pub"}""", "KeyFileIsPublicKey" },
            { """{"PublicAddress":"203.0.113.1","KnownHostsPath":"{folder}"}""", "KnownHostsPathInvalid" },
            { """{"DockerHost":"tcp://203.0.113.1:2376","CertificatePath":"{folder}"}""", "CertificatePathNotFound" },
            { """{"DockerHost":"203.0.113.1"}""", "DockerHostInvalid" },
            { """{"DockerHost":"http://203.0.113.1"}""", "DockerHostInvalid" },
            { """{"DockerHost":"ssh://root:secret@203.0.113.1"}""", "DockerHostInvalid" },
            { """{"DockerHost":"unix://run/docker.sock"}""", "DockerHostInvalid" },
        };

    [Theory]
    [MemberData(nameof(BadInputs))]
    public async Task A_bad_input_has_its_own_error_and_says_what_to_do(string json, string errorId)
    {
        await File.WriteAllTextAsync(
            Path.Combine(folder, "key.pub"),
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ someone",
            TestContext.Current.CancellationToken
        );
        var description = System.Text.Json.JsonSerializer.Deserialize<NodeDescription>(
            json.Replace("{folder}", folder, StringComparison.Ordinal)
        )!;
        var error = await Assert.ThrowsAsync<SwarmOpsException>(() => CreateAsync(description));
        Assert.Equal(errorId, error.ErrorId);
        Assert.NotEmpty(error.RecommendedAction);
        Assert.DoesNotContain("secret@", error.Message + error.RecommendedAction, StringComparison.Ordinal);
    }

    private Task<SwarmNode> CreateAsync(NodeDescription description) =>
        new NodeFactory(context, LookUpAsync, TimeSpan.FromMilliseconds(200)).CreateAsync(description);

    private static async Task<IPAddress[]> LookUpAsync(string name, CancellationToken cancellationToken)
    {
        switch (name)
        {
            case "one.example":
                return [IPAddress.Parse("198.51.100.1")];
            case "many.example":
                return [IPAddress.Parse("2001:db8::1"), IPAddress.Parse("198.51.100.10"), IPAddress.Parse("198.51.100.9")];
            case "debian.example":
                return [IPAddress.Parse("127.0.1.1"), IPAddress.Parse("198.51.100.4")];
            case "six.example":
                return [IPAddress.Parse("2001:db8::6")];
            case "loop.example":
                return [IPAddress.Loopback];
            case "empty.example":
                return [];
            case "slow.example":
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return [];
            default:
                throw new SocketException((int)SocketError.HostNotFound);
        }
    }
}
