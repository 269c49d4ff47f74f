namespace SwarmOps.Tests.Lab;

/// <summary>The regions of a lab as <c>lab up</c> makes it, each with one host.</summary>
internal static class LabRegions
{
    public const string Eu = "eu-central-1",
        East = "us-east-1",
        West = "us-west-1";
}
