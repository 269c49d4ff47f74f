using System.Text.Json;

namespace SwarmOps.Tests.Lab;

/// <summary>A first boot that fails: cloud-init's own error is what the user reads.</summary>
public sealed class AwsFirstBootTests : IAsyncLifetime
{
    private const string Removal =
        "Get-SwarmRegionNode shop @aws -KeyFilePath $key | Remove-SwarmRegionNode -EndpointUrl $aws.EndpointUrl -AccessKey test -SecretKey test -Confirm:$false";

    // As build/labs.ps1 names its labs: what a killed run leaves is found.
    private readonly string name = $"b{Environment.ProcessId}f";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("swarmops-aws-");
    private readonly Session session = new();

    public async ValueTask InitializeAsync() => await LabFixture.LabAsync("up", "--name", name, "--ec2", "--no-packages");

    public async ValueTask DisposeAsync()
    {
        session.Dispose();
        folder.Delete(recursive: true);
        await LabFixture.LabAsync("down", "--name", name);
    }

    [Fact]
    public async Task An_engine_that_cannot_be_installed_is_told_in_cloud_inits_own_words_and_the_node_can_be_removed()
    {
        using var status = await StatusAsync();
        (string, object?)[] variables =
        [
            (
                "aws",
                new System.Collections.Hashtable
                {
                    ["EndpointUrl"] = status.RootElement.GetProperty("ec2EndpointUrl").GetString(),
                    ["AccessKey"] = "test",
                    ["SecretKey"] = "test",
                    ["Region"] = "eu-central-1",
                }
            ),
            ("key", Path.Combine(folder.FullName, "key")),
            ("admin", status.RootElement.GetProperty("adminAddress").GetString()),
        ];
        var made = session.Run(
            "New-SwarmRegionNode -Cluster shop -AllowSshFrom $admin -KeyFilePath $key @aws -TimeoutSeconds 180",
            variables
        );

        Assert.Empty(made.Nodes);
        var error = Assert.Single(made.Errors);
        Assert.StartsWith("CloudInitFailed", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("docker.io", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("Remove-SwarmRegionNode", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);

        session.Run(Removal, variables).ThrowOnError();
        using var after = await StatusAsync();
        Assert.Equal(0, after.RootElement.GetProperty("hosts").GetArrayLength());
    }

    private async Task<JsonDocument> StatusAsync() => JsonDocument.Parse(await LabFixture.LabAsync("status", "--name", name, "--json"));
}
