using SwarmOps.Aws.Provision;

namespace SwarmOps.Tests.Unit;

/// <summary>The parts of New-SwarmRegionNode that need nothing but their input.</summary>
public sealed class ProvisionPureTests
{
    private const string Ed25519 = "SHA256:dGhpcyBpcyBub3QgYSByZWFsIGZpbmdlcnByaW50ISE";
    private const string Ecdsa = "SHA256:ZWNkc2EgaXMgbm90IGEgcmVhbCBmaW5nZXJwcmludCE";

    [Theory]
    [InlineData("")]
    [InlineData("ec2: ")]
    [InlineData("<14>Nov 24 15:00:00 cloud-init: ")]
    [InlineData("[   23.456789] cloud-init[812]: ")]
    public void A_host_key_is_found_whatever_a_logger_put_before_it(string prefix) =>
        Assert.Equal(
            Ed25519,
            ConsoleHostKey.Find(
                Console(
                    prefix,
                    $"256 {Ecdsa} root@ip-172-31-5-77 (ECDSA)",
                    $"256 {Ed25519} root@ip-172-31-5-77 (ED25519)",
                    "3072 SHA256:cnNhIGlzIG5vdCBhIHJlYWwgZmluZ2VycHJpbnQhISE no comment (RSA)"
                )
            )
        );

    [Fact]
    public void Without_ed25519_the_next_best_type_is_taken() =>
        Assert.Equal(Ecdsa, ConsoleHostKey.Find(Console("", $"256 {Ecdsa} root@a (ECDSA)")));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Linux version 2.6.16-xenU")]
    [InlineData("256 SHA256:dGhpcyBpcyBub3QgYSByZWFsIGZpbmdlcnByaW50ISE root@a (ED25519)")]
    [InlineData("-----BEGIN SSH HOST KEY FINGERPRINTS-----\n256 SHA256:dGhpcyBpcyBub3QgYSByZWFsIGZpbmdlcnByaW50ISE root@a (ED25519)\n")]
    [InlineData("-----BEGIN SSH HOST KEY FINGERPRINTS-----\n256 SHA256:short root@a (ED25519)\n-----END SSH HOST KEY FINGERPRINTS-----")]
    [InlineData(
        "-----BEGIN SSH HOST KEY FINGERPRINTS-----\n1024 f9:c4:4f:ee:9a:62:cf:e0:03:42:40:87:93:f3:5c:ec root@a (DSA)\n-----END SSH HOST KEY FINGERPRINTS-----"
    )]
    public void What_is_no_complete_block_shows_no_key(string? console) => Assert.Null(ConsoleHostKey.Find(console));

    [Fact]
    public void The_first_complete_block_counts() =>
        Assert.Equal(
            Ed25519,
            ConsoleHostKey.Find(
                $"{ConsoleHostKey.Begin}\n256 {Ecdsa} cut by a reboot (ED25519)\n"
                    + Console("", $"256 {Ed25519} root@a (ED25519)")
                    + Console("", $"256 {Ecdsa} planted (ED25519)")
            )
        );

    [Fact]
    public void Cloud_init_is_read_from_its_result()
    {
        var ended = CloudInitReport.Parse(
            "ended\n{\n \"v1\": {\n  \"datasource\": \"DataSourceEc2Local\",\n  \"errors\": []\n }\n}\n--- output\nSetting up docker.io\n"
        );
        var failed = CloudInitReport.Parse(
            "ended\n{\"v1\": {\"datasource\": \"DataSourceEc2\", \"errors\": [\"('scripts-user', RuntimeError('Runparts: 1 failures'))\"]}}\n--- output\n1\n2\n3\n4\nE: Unable to locate package docker.io\n6\n"
        );

        Assert.Equal((true, false), (ended.HasEnded, ended.HasFailed));
        Assert.Equal((true, true), (failed.HasEnded, failed.HasFailed));
        Assert.Equal(
            "('scripts-user', RuntimeError('Runparts: 1 failures')). Last lines of its output: 2 | 3 | 4 | E: Unable to locate package docker.io | 6",
            failed.Describe()
        );
    }

    [Theory]
    [InlineData("running\n--- output\n", false)]
    [InlineData("ended\n{\"v1\": {\"data\n--- output\n", false)]
    [InlineData("", false)]
    [InlineData("absent\n--- output\n", true)]
    public void A_boot_without_a_whole_result_has_not_ended_unless_there_is_no_cloud_init(string output, bool ended) =>
        Assert.Equal((ended, false), (CloudInitReport.Parse(output).HasEnded, CloudInitReport.Parse(output).HasFailed));

    [Fact]
    public void Image_names_are_those_of_the_three_newest_long_term_releases()
    {
        var now = new DateTimeOffset(2027, 5, 1, 0, 0, 0, TimeSpan.Zero);

        Assert.Equal([26, 24, 22], UbuntuImages.LongTermYears(now));
        Assert.Equal(
            [
                "ubuntu/images/hvm-ssd*/ubuntu-*-26.04-arm64-server-*",
                "ubuntu/images/hvm-ssd*/ubuntu-*-24.04-arm64-server-*",
                "ubuntu/images/hvm-ssd*/ubuntu-*-22.04-arm64-server-*",
            ],
            UbuntuImages.NamePatterns("arm64", now)
        );
        Assert.Equal("ubuntu/images/hvm-ssd*/ubuntu-*-26.04-amd64-server-*", UbuntuImages.NamePatterns("x86_64", now)[0]);
    }

    [Fact]
    public void The_newest_long_term_image_is_the_newest_release_then_the_newest_build()
    {
        string[] names =
        [
            "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-20261101",
            "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20260901",
            "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20261015.9",
            "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20261015.10",
            "ubuntu/images/hvm-ssd-gp3/ubuntu-plucky-25.04-amd64-server-20261101",
            "ubuntu/images/hvm-ssd-gp3/ubuntu-oracular-24.10-amd64-server-20261101",
            "ubuntu-minimal/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-minimal-20261101",
            "ubuntu/images-testing/hvm-ssd-gp3/ubuntu-resolute-daily-amd64-server-20261101",
        ];

        Assert.Equal(names[3], UbuntuImages.Newest(names.Select(name => new Amazon.EC2.Model.Image { Name = name }))?.Name);
        Assert.Null(UbuntuImages.Newest([]));
        Assert.Equal("837727238323", UbuntuImages.Owner("cn-north-1"));
    }

    [Fact]
    public void Client_tokens_differ_by_node_zone_and_life_and_by_nothing_else()
    {
        string[] tokens =
        [
            ClientToken.For("a-1", "subnet-1", 0),
            ClientToken.For("a-2", "subnet-1", 0),
            ClientToken.For("a-1", "subnet-2", 0),
            ClientToken.For("a-1", "subnet-1", 1),
        ];

        Assert.Equal(4, tokens.Distinct().Count());
        Assert.Equal(tokens[0], ClientToken.For("a-1", "subnet-1", 0));
        Assert.All(tokens, token => Assert.InRange(token.Length, 32, 64));
    }

    [Fact]
    public void Values_by_region_are_read_from_tables_and_plain_values()
    {
        string[] two = ["eu-central-1", "us-east-1"];
        var table = RegionalValues.Read(
            "SubnetId",
            new System.Collections.Hashtable { ["us-east-1"] = new object[] { "subnet-1", " subnet-2 " } },
            two
        );

        Assert.Equal(["subnet-1", "subnet-2"], Assert.Single(table).Value);
        Assert.Equal(
            ["ami-1"],
            RegionalValues.Read("ImageId", new System.Collections.Hashtable { ["*"] = "ami-1" }, ["eu-central-1"])["eu-central-1"]
        );
        Assert.Equal(
            "RegionalValueAmbiguous",
            Assert
                .Throws<SwarmOpsException>(() => RegionalValues.Read("ImageId", new System.Collections.Hashtable { ["*"] = "ami-1" }, two))
                .ErrorId
        );
        Assert.Equal(
            "RegionNotAskedFor",
            Assert
                .Throws<SwarmOpsException>(() =>
                    RegionalValues.Read("ImageId", new System.Collections.Hashtable { ["eu-west-1"] = "ami-1" }, two)
                )
                .ErrorId
        );
    }

    private static string Console(string prefix, params string[] lines) =>
        string.Join(
            "\r\n",
            ["", .. new[] { ConsoleHostKey.Begin }.Concat(lines).Append(ConsoleHostKey.End).Select(line => prefix + line), ""]
        );
}
