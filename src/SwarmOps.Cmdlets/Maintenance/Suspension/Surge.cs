using System.Globalization;
using System.Text.Json.Nodes;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;

namespace SwarmOps.Maintenance.Suspension;

/// <summary>
/// The replicas that a service has on top of its own number while a node's tasks are replaced. A label of the service holds it, written with the number itself, so that a run that
/// was interrupted can be completed by any machine.
/// </summary>
/// <param name="NodeId">The node whose tasks are replaced.</param>
/// <param name="From">The service's own number of replicas.</param>
/// <param name="To">The raised number.</param>
internal sealed record Surge(string NodeId, int From, int To)
{
    /// <summary>The label of the service. It is no part of the template, so it restarts no task.</summary>
    public const string Label = "swarmops.surge";

    /// <summary>A service's surge; null when it has none.</summary>
    public static Surge? Of(ServiceState service) =>
        service.Labels.TryGetValue(Label, out var text)
        && text.Split(' ') is [var nodeId, var from, var to]
        && int.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var least)
        && int.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var most)
            ? new Surge(nodeId, least, most)
            : null;

    /// <summary>The specification of a service with this surge.</summary>
    public JsonObject RaisedIn(ServiceState service)
    {
        var spec = service.Spec.DeepClone().AsObject();
        SetReplicas(spec, To);
        spec.Child("Labels")[Label] = string.Create(CultureInfo.InvariantCulture, $"{NodeId} {From} {To}");
        return spec;
    }

    /// <summary>The specification of a service without this surge. A number that someone has changed since is left as it is.</summary>
    public JsonObject LoweredIn(ServiceState service)
    {
        var spec = service.Spec.DeepClone().AsObject();
        if (service.DesiredCount == To)
            SetReplicas(spec, From);
        spec.Child("Labels").Remove(Label);
        return spec;
    }

    private static void SetReplicas(JsonObject spec, int count) => spec.Child("Mode").Child("Replicated")["Replicas"] = count;
}
