using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;
using Amazon.EC2;

namespace SwarmOps.Aws;

/// <summary>Completes the instance types that the SDK knows, without network access.</summary>
public sealed class InstanceTypeCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var pattern = new WildcardPattern((wordToComplete ?? "").Trim('\'', '"') + "*", WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        return typeof(InstanceType).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => field.GetValue(null))
            .OfType<InstanceType>()
            .Select(type => type.Value)
            .Where(pattern.IsMatch)
            .Order(StringComparer.Ordinal)
            .Select(name => new CompletionResult(name));
    }
}
