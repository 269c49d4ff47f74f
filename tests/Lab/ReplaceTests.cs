using System.Text.Json;

namespace SwarmOps.Tests.Lab;

/// <summary>A node of a cluster gets a new instance: on a lab of its own, whose instances are its hosts.</summary>
public sealed class ReplaceTests : IAsyncLifetime
{
    private readonly string name = $"b{Environment.ProcessId}r";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("swarmops-aws-");
    private readonly Session session = new();
    private string endpoint = "";
    private string admin = "";

    public async ValueTask InitializeAsync()
    {
        if (!Nightly.IsAsked)
            return;
        await LabFixture.LabAsync("up", "--name", name, "--ec2");
        using var status = JsonDocument.Parse(await LabFixture.LabAsync("status", "--name", name, "--json"));
        endpoint = status.RootElement.GetProperty("ec2EndpointUrl").GetString()!;
        admin = status.RootElement.GetProperty("adminAddress").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        session.Dispose();
        folder.Delete(recursive: true);
        if (Nightly.IsAsked)
            await LabFixture.LabAsync("down", "--name", name);
    }

    [Fact]
    public async Task A_living_manager_and_a_dead_one_are_replaced_at_their_addresses()
    {
        Nightly.SkipUnlessAsked();
        Run(
            $"New-SwarmRegionNode -Cluster shop -Region eu-central-1, us-east-1, us-west-1 -AllowSshFrom {admin} @aws -KeyFilePath $key | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal"
        );
        foreach (var (region, isDead) in new[] { ("us-east-1", false), ("us-west-1", true), ("eu-central-1", false) })
        {
            var before = Nodes();
            var old = before.Single(node => node.Region == region);
            var helper = before.First(node => node.Region != region);
            await OnAsync(helper, $"docker node update --label-add kept={region} {old.Name}");
            if (isDead)
                await LabFixture.LabAsync("host", "stop", "--name", name, old.InstanceId!, "--hard");

            Assert.Empty(
                session.Run($"New-SwarmRegionNode -Cluster shop -Replace {old.Name} @aws -KeyFilePath $key -WhatIf", Variables()).Objects
            );
            Assert.Equal(old.InstanceId, Nodes().Single(node => node.Name == old.Name).InstanceId);
            var clock = System.Diagnostics.Stopwatch.StartNew();
            var node = Run($"New-SwarmRegionNode -Cluster shop -Replace {old.Name} @aws -KeyFilePath $key -Force").Nodes.Single();
            TestContext.Current.TestOutputHelper?.WriteLine($"{old.Name}{(isDead ? ", dead" : "")}: {clock.Elapsed.TotalSeconds:0} s");

            Assert.Equal((old.Name, old.PublicAddress), (node.Name, node.PublicAddress));
            Assert.NotEqual(old.InstanceId, node.InstanceId);
            Assert.Equal(SwarmManagerReachability.Reachable, node.Reachability);
            Assert.Equal(3, Nodes().Count);
            var seen = await OnAsync(
                helper,
                $"docker node ls --format '{{{{.Hostname}}}} {{{{.Status}}}} {{{{.ManagerStatus}}}}'; docker node inspect -f '{{{{.Spec.Labels}}}}' {old.Name}"
            );
            Assert.Equal(4, seen.Trim().Split('\n').Length);
            Assert.Equal(3, seen.Split("Ready").Length - 1);
            Assert.Contains($"kept:{region}", seen, StringComparison.Ordinal);
            Assert.DoesNotContain("swarmops.moved", seen, StringComparison.Ordinal);
            Assert.Contains("swarmops", await OnAsync(node, "nft list tables"), StringComparison.Ordinal);
        }
    }

    private IReadOnlyList<SwarmNode> Nodes() =>
        Run("Get-SwarmRegionNode -Cluster shop @aws -KeyFilePath $key -WarningAction SilentlyContinue").Nodes;

    private Task<string> OnAsync(SwarmNode node, string script) =>
        LabFixture.LabAsync("exec", "--name", name, node.InstanceId!, "--", "sh", "-c", script);

    private Outcome Run(string script) => session.Run(script, Variables()).ThrowOnError();

    private (string Name, object? Value)[] Variables() =>
        [
            (
                "aws",
                new System.Collections.Hashtable
                {
                    ["EndpointUrl"] = endpoint,
                    ["AccessKey"] = "test",
                    ["SecretKey"] = "test",
                }
            ),
            ("key", Path.Combine(folder.FullName, "key")),
        ];
}
