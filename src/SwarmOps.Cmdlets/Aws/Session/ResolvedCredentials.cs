using Amazon.Runtime;

namespace SwarmOps.Aws.Session;

/// <summary>Credentials, and a description of their source.</summary>
internal sealed record ResolvedCredentials(AWSCredentials Value, string Source);
