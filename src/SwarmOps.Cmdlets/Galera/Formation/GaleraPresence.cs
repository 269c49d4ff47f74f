using System.Text.Json.Nodes;
using SwarmOps.Services.Running;

namespace SwarmOps.Galera.Formation;

/// <summary>Compares a request with an existing cluster.</summary>
internal static class GaleraPresence
{
    /// <summary>Rejects settings that would split a running cluster or have no effect.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraLayoutDiffers</c>, <c>GaleraTlsDiffers</c>, <c>GaleraArbitratorDiffers</c>, <c>GaleraAccountTooLate</c>.</exception>
    public static void Require(GaleraRequest request, IReadOnlyList<ServiceState> services)
    {
        if (
            services.FirstOrDefault(service =>
                service.Labels.GetValueOrDefault(GaleraNames.LayoutLabel) is { } layout && layout != request.Layout.ToString()
            ) is
            { } other
        )
            throw GaleraErrors.GaleraLayoutDiffers(request.Name, other.Labels[GaleraNames.LayoutLabel]);
        if (services.Any(service => HasTls(service) != request.HasTls))
            throw GaleraErrors.GaleraTlsDiffers(request.Name, isOn: !request.HasTls);
        if (
            request.Arbitrator is { } wanted
            && services.FirstOrDefault(service => IsArbitrator(service) != (Region(service) == wanted)) is { } vote
            && (IsArbitrator(vote) || Region(vote) == wanted)
        )
            throw GaleraErrors.GaleraArbitratorDiffers(request.Name, vote.Name, IsArbitrator(vote));
        if (
            request.User is { } user
            && services.FirstOrDefault(service => !IsArbitrator(service) && !HasVariable(service, $"MARIADB_USER={user}")) is not null
        )
            throw GaleraErrors.GaleraAccountTooLate(request.Name, user);
    }

    /// <summary>The request with the existing arbitrator, and with the existing strict mode if none was specified.</summary>
    public static GaleraRequest Complete(GaleraRequest request, IReadOnlyList<ServiceState> services) =>
        request with
        {
            Arbitrator = services.FirstOrDefault(IsArbitrator) is { } arbitrator ? Region(arbitrator) : request.Arbitrator,
            Strict = request.Strict ?? services.Any(IsStrict),
        };

    /// <summary>
    /// The request with the cluster's TLS setting if none was specified, because nodes with and without TLS cannot communicate. A new cluster uses TLS unless its image bootstraps itself.
    /// </summary>
    public static GaleraRequest WithTls(GaleraRequest request, IReadOnlyList<ServiceState> services) =>
        request with
        {
            Tls = request.Tls ?? (services.Count > 0 ? services.Any(HasTls) : !request.ImageBootstraps),
            IsTlsByDefault = request.Tls is null,
        };

    /// <summary>Whether a cluster runs without TLS only because it was created so.</summary>
    public static bool StaysPlain(GaleraRequest request, IReadOnlyList<ServiceState> services) =>
        request is { IsTlsByDefault: true, Tls: false, ImageBootstraps: false } && services.Count > 0;

    /// <summary>The request with owner and mode of each directory, from the service's labels or else from the directory.</summary>
    public static GaleraRequest WithAccess(
        GaleraRequest request,
        IReadOnlyList<GaleraPlace> places,
        IReadOnlyList<DataDirectory> directories,
        IReadOnlyList<ServiceState> services
    )
    {
        var known = new Dictionary<string, DataAccess>(StringComparer.Ordinal);
        foreach (var place in places)
        {
            var labels = services.FirstOrDefault(service => service.Name == place.Service)?.Labels;
            var found = directories.FirstOrDefault(directory => directory.Place == place);
            if (
                labels?.GetValueOrDefault(GaleraNames.OwnerLabel) is { } owner
                && labels.GetValueOrDefault(GaleraNames.ModeLabel) is { } mode
            )
                known[place.Node.Name] = new DataAccess(owner, mode);
            else if (found is { Owner: { } foundOwner, Mode: { } foundMode })
                known[place.Node.Name] = new DataAccess(foundOwner, foundMode);
        }

        return request with
        {
            FoundAccess = known,
        };
    }

    private static bool IsArbitrator(ServiceState service) =>
        service.Labels.GetValueOrDefault(GaleraNames.RoleLabel) == GaleraNames.ArbitratorRole;

    private static bool HasTls(ServiceState service) => service.Labels.ContainsKey(GaleraNames.TlsLabel);

    private static string? Region(ServiceState service) => service.Labels.GetValueOrDefault(GaleraNames.RegionLabel);

    private static bool IsStrict(ServiceState service) =>
        (service.Template?["ContainerSpec"]?["Args"] as JsonArray ?? []).Any(item =>
            ((string?)item)?.StartsWith($"--{StrictMode.Option}=", StringComparison.Ordinal) is true
        );

    private static bool HasVariable(ServiceState service, string variable) =>
        (service.Template?["ContainerSpec"]?["Env"] as JsonArray ?? []).Any(item => (string?)item == variable);
}
