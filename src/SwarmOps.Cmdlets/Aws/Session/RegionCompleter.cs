using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace SwarmOps.Aws;

/// <summary>Completes the AWS regions that the SDK knows, without network access.</summary>
public sealed class RegionCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var pattern = new WildcardPattern((wordToComplete ?? "").Trim('\'', '"') + "*", WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        return RegionNames.Known
            .Where(region => pattern.IsMatch(region.SystemName))
            .Select(region => new CompletionResult(region.SystemName, region.SystemName, CompletionResultType.ParameterValue, region.DisplayName));
    }
}
