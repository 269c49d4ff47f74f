using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Services;

namespace SwarmOps.Stacks;

/// <summary>Compares a stack in Compose files with the swarm, without changing anything.</summary>
[Cmdlet(VerbsData.Compare, "SwarmStack", DefaultParameterSetName = ByNode)]
[OutputType(typeof(SwarmStackDifference))]
public sealed class CompareSwarmStackCommand : StackFileCmdlet
{
    /// <inheritdoc/>
    private protected override Task RunAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new CompareStackOperation(context, Request(nodes, new ServiceOptions())).RunAsync();
}
