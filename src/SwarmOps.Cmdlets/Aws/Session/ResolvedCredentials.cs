using Amazon.Runtime;

namespace SwarmOps.Aws;

/// <summary>Credentials, and where they came from, in words.</summary>
internal sealed record ResolvedCredentials(AWSCredentials Value, string Source);
