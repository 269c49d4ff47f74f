using System.Reflection;
using Amazon.EC2;
using SwarmOps.Completion;

namespace SwarmOps.Aws.Session;

/// <summary>Completes the instance types that the SDK knows, without network access.</summary>
public sealed class InstanceTypeCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
        typeof(InstanceType)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => field.GetValue(null))
            .OfType<InstanceType>()
            .Select(type => new Candidate(type.Value));
}
