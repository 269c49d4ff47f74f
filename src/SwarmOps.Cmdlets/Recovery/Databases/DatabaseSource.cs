using SwarmOps.Galera;
using SwarmOps.Services.Running;

namespace SwarmOps.Recovery.Databases;

/// <summary>The node of a Galera cluster that is backed up.</summary>
/// <param name="Cluster">Name of the cluster.</param>
/// <param name="Service">Its service.</param>
/// <param name="Site">The node.</param>
/// <param name="Host">Its host.</param>
internal sealed record DatabaseSource(string Cluster, ServiceState Service, GaleraSite Site, SwarmNode Host)
{
    /// <summary>Its data directory on the host.</summary>
    public string DataPath => Service.Labels.GetValueOrDefault(GaleraNames.DataPathLabel, "");
}
