using System.Text.Json.Nodes;
using SwarmOps.Services.Running;

namespace SwarmOps.Galera.Formation;

/// <summary>What a cluster that is there already says about a request.</summary>
internal static class GaleraPresence
{
    /// <summary>Refuses what would part a running cluster, or never come into force.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraLayoutDiffers</c>, <c>GaleraTlsDiffers</c>, <c>GaleraArbitratorDiffers</c>, <c>GaleraAccountTooLate</c>.</exception>
    public static void Require(GaleraRequest request, IReadOnlyList<ServiceState> services)
    {
        if (services.FirstOrDefault(service => service.Labels.GetValueOrDefault(GaleraNames.LayoutLabel) is { } layout && layout != request.Layout.ToString()) is { } other)
            throw GaleraErrors.GaleraLayoutDiffers(request.Name, other.Labels[GaleraNames.LayoutLabel]);
        if (services.Any(service => service.Labels.ContainsKey(GaleraNames.TlsLabel) != request.Tls))
            throw GaleraErrors.GaleraTlsDiffers(request.Name, isOn: !request.Tls);
        if (request.Arbitrator is { } wanted && services.FirstOrDefault(service => IsArbitrator(service) != (Region(service) == wanted)) is { } vote && (IsArbitrator(vote) || Region(vote) == wanted))
            throw GaleraErrors.GaleraArbitratorDiffers(request.Name, vote.Name, IsArbitrator(vote));
        if (request.User is { } user && services.FirstOrDefault(service => !IsArbitrator(service) && !HasVariable(service, $"MARIADB_USER={user}")) is not null)
            throw GaleraErrors.GaleraAccountTooLate(request.Name, user);
    }

    /// <summary>The request with the arbitrator that is there.</summary>
    public static GaleraRequest Complete(GaleraRequest request, IReadOnlyList<ServiceState> services) =>
        services.FirstOrDefault(IsArbitrator) is { } arbitrator ? request with { Arbitrator = Region(arbitrator) } : request;

    private static bool IsArbitrator(ServiceState service) => service.Labels.GetValueOrDefault(GaleraNames.RoleLabel) == GaleraNames.ArbitratorRole;

    private static string? Region(ServiceState service) => service.Labels.GetValueOrDefault(GaleraNames.RegionLabel);

    private static bool HasVariable(ServiceState service, string variable) =>
        (service.Template?["ContainerSpec"]?["Env"] as JsonArray ?? []).Any(item => (string?)item == variable);
}
