using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Services;

namespace SwarmOps.Galera.Removal;

/// <summary>Removes a Galera cluster's services; data and passwords are kept unless specified.</summary>
[Cmdlet(
    VerbsCommon.Remove,
    "GaleraService",
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = ByName
)]
[OutputType(typeof(void))]
public sealed class RemoveGaleraServiceCommand()
    : RemoveOneCmdlet<GaleraCluster>(cluster => cluster.SwarmId, cluster => cluster.Nodes, cluster => cluster.Name, timeoutSeconds: 180)
{
    /// <summary>Name of the cluster.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GaleraClusterNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>Deletes the data directories on the hosts, too.</summary>
    [Parameter]
    public SwitchParameter RemoveData { get; set; }

    /// <summary>Removes the secrets, too, unless other services use them.</summary>
    [Parameter]
    public SwitchParameter RemoveSecret { get; set; }

    /// <inheritdoc/>
    private protected override string NameGiven => Name;

    /// <inheritdoc/>
    private protected override Task RemoveAsync(IOperationContext context, RemoveOneRequest request) =>
        new RemoveGaleraOperation(
            context,
            new RemoveGaleraRequest(request.Nodes, request.Name)
            {
                RemoveData = RemoveData,
                RemoveSecret = RemoveSecret,
                Options = request.Options,
            }
        ).RunAsync();
}
