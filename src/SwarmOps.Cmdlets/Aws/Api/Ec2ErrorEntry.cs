namespace SwarmOps.Aws;

/// <summary>How one code of EC2 is reported.</summary>
/// <param name="ErrorId">Our id.</param>
/// <param name="Kind">Its category.</param>
/// <param name="Advice">What to do.</param>
internal sealed record Ec2ErrorEntry(string ErrorId, ErrorKind Kind, string Advice);
