using System.Management.Automation;
using SwarmOps.GeoDns.Drain;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Specification;

namespace SwarmOps.Rollout;

/// <summary>Updates services and waits until they have converged. Settings that are not specified are kept.</summary>
[Cmdlet(VerbsData.Update, "SwarmService", SupportsShouldProcess = true)]
[OutputType(typeof(SwarmService))]
public sealed class UpdateSwarmServiceCommand : ServiceDefinitionCmdlet
{
    /// <summary>Names of the services.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Names of environment variables to remove.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EnvironmentNameCompleter))]
    public string[] RemoveEnvironment { get; set; } = [];

    /// <summary>Names of labels to remove.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceLabelCompleter))]
    public string[] RemoveLabel { get; set; } = [];

    /// <summary>Does not take a region of an edge service out of DNS while its tasks are replaced.</summary>
    [Parameter]
    public SwitchParameter NoDrain { get; set; }

    /// <summary>Replaces the tasks even if nothing differs.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        var given = Request(Name[0]);
        var service = given with
        {
            KeepsOthers = true,
            Environment = Without(given.Environment, RemoveEnvironment),
            Labels = Without(given.Labels, RemoveLabel),
            Force = Force,
        };
        var options = Options() with { Traffic = NoDrain ? null : new GeoDnsTraffic() };
        return new UpdateServiceOperation(context, new UpdateServiceRequest(nodes, Name, service) { Options = options }).RunAsync();
    }

    private static IReadOnlyDictionary<string, string?>? Without(IReadOnlyDictionary<string, string?>? table, string[] removed) =>
        removed.Length == 0
            ? table
            : new Dictionary<string, string?>(
                (table ?? new Dictionary<string, string?>())
                    .Concat(removed.Select(name => KeyValuePair.Create(name, (string?)null)))
                    .DistinctBy(entry => entry.Key)
            );
}
