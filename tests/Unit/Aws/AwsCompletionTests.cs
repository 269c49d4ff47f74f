using System.Management.Automation;

namespace SwarmOps.Tests.Unit;

/// <summary>What the Tab key offers; no machine is asked.</summary>
public sealed class AwsCompletionTests
{
    [Theory]
    [InlineData("New-SwarmRegionNode -Cluster shop -Region eu-c", "eu-central-1")]
    [InlineData("New-SwarmRegionNode -Cluster shop -Region us-east-1, ap-northeast-", "ap-northeast-3")]
    [InlineData("Get-SwarmRegionNode shop -Region sa-", "sa-east-1")]
    [InlineData("Remove-SwarmRegionNode -Cluster shop -Region us-w", "us-west-2")]
    [InlineData("Sync-SwarmFirewall shop -Region 'eu-west-", "eu-west-3")]
    [InlineData("New-SwarmRegionNode -Cluster shop -InstanceType t4g.s", "t4g.small")]
    [InlineData("New-SwarmRegionNode -Cluster shop -InstanceType M7I.4X", "m7i.4xlarge")]
    [InlineData("New-SwarmRegionNode -Cluster shop -Prof", "-ProfileName")]
    public void The_names_of_regions_and_instance_types_are_completed(string typed, string expected)
    {
        using var session = new AwsSession();

        var completion = session.Run("(TabExpansion2 -inputScript $typed -cursorColumn $typed.Length).CompletionMatches", ("typed", typed)).ThrowOnError();

        Assert.Contains(expected, completion.Objects.OfType<CompletionResult>().Select(match => match.CompletionText.Trim('\'')));
    }
}
