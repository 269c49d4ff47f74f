namespace SwarmOps.Aws.Api;

/// <summary>How an EC2 error code is reported.</summary>
/// <param name="ErrorId">The error id of SwarmOps.</param>
/// <param name="Kind">Its category.</param>
/// <param name="Advice">The recommended action.</param>
internal sealed record Ec2ErrorEntry(string ErrorId, ErrorKind Kind, string Advice);
