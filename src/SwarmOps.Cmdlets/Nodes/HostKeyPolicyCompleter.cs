using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace SwarmOps.Nodes;

/// <summary>Completes the values of <see cref="HostKeyPolicy"/>.</summary>
public sealed class HostKeyPolicyCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Enum.GetNames<HostKeyPolicy>()
            .Where(name => name.StartsWith(wordToComplete.Trim('\'', '"'), StringComparison.OrdinalIgnoreCase))
            .Select(name => new CompletionResult(name));
}
