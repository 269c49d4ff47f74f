using System.Text.RegularExpressions;
using SwarmOps.Monitoring.Definition;
using SwarmOps.Nodes;
using SwarmOps.Services.Specification;

namespace SwarmOps.Monitoring.Formation;

/// <summary>Validation that needs no node.</summary>
internal static partial class MonitoringRules
{
    /// <summary>Checks a name.</summary>
    /// <exception cref="SwarmOpsException"><c>MonitoringNameInvalid</c>.</exception>
    public static void CheckName(string name)
    {
        if (!NamePattern().IsMatch(name))
            throw MonitoringErrors.MonitoringNameInvalid(name);
    }

    /// <summary>Why the loss of one region could end the watch; null when it could not.</summary>
    public static string? PlaceDoubt(IReadOnlyList<MonitoringHost> servers)
    {
        var unknown = servers.Where(server => string.IsNullOrEmpty(server.Region)).Select(server => $"'{server.Node}'").ToList();
        if (unknown.Count > 0)
            return $"{string.Join(" and ", unknown)}, where a Prometheus server runs, {(unknown.Count == 1 ? "has" : "have")} no region: both servers may be lost together, and then nobody watches. Set the region with Set-SwarmNode -Region, or specify -PrometheusNode.";
        return servers.Select(server => server.Region).Distinct(StringComparer.Ordinal).Count() > 1
            ? null
            : $"Both Prometheus servers are in the region '{servers[0].Region}': if it is lost, nobody watches. Add a node in another region, or specify -PrometheusNode.";
    }

    /// <summary>Checks a request.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="MonitoringErrors"/> about parameters, <c>ImageNameInvalid</c>.</exception>
    public static void Check(NewMonitoringRequest request)
    {
        CheckName(request.Name);
        if (request.PrometheusNodes is { } nodes && nodes.Distinct(StringComparer.OrdinalIgnoreCase).Count() is not 2 and var count)
            throw MonitoringErrors.MonitoringNodeCount(count);
        if (request.Webhooks is not null && request.AlertmanagerConfig is not null)
            throw MonitoringErrors.MonitoringReceiverTwice();
        if (request.EdgePath is { Length: > 0 } path && !PathPattern().IsMatch(path))
            throw MonitoringErrors.MonitoringSettingInvalid("-EdgePath", path, "it is not an absolute path, such as /ready");
        if (request.EdgeHost is { Length: > 0 } host && !NodeAddress.IsHostName(host))
            throw MonitoringErrors.MonitoringSettingInvalid("-EdgeHost", host, "it is not a host name");
        CheckUrls("-Url", request.Urls, isSecret: false);
        CheckUrls("-WebhookUrl", request.Webhooks, isSecret: true);
        if (request is { PublishPrometheus: > 0 and var port } && port == request.PublishAlertmanager)
            throw MonitoringErrors.MonitoringSettingInvalid(
                "-PublishAlertmanager",
                $"{port}",
                "both run on the same nodes, and Prometheus has that port"
            );
        foreach (
            var image in new[]
            {
                request.PrometheusImage,
                request.AlertmanagerImage,
                request.NodeExporterImage,
                request.BlackboxExporterImage,
                request.MysqldExporterImage,
            }
        )
            if (image is not null)
                ImageName.Normalize(image);
    }

    /// <summary>The URL of a webhook is often its own password, as with Slack and Teams; one that is probed stands in alerts, for all to read.</summary>
    private static void CheckUrls(string parameter, IReadOnlyList<string>? urls, bool isSecret)
    {
        foreach (var (url, number) in (urls ?? []).Select((url, index) => (url, index + 1)))
        {
            const string notUrl = "it is not a URL that begins with http:// or https://";
            if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
                throw isSecret
                    ? MonitoringErrors.MonitoringSettingInvalid(parameter, number, notUrl)
                    : MonitoringErrors.MonitoringSettingInvalid(parameter, url, notUrl);
            if (!isSecret && uri.UserInfo.Length > 0)
                throw MonitoringErrors.MonitoringSettingInvalid(
                    parameter,
                    number,
                    "it contains a user name or a password, which everyone who sees its alerts could read"
                );
        }
    }

    /// <summary>Room for <c>-blackbox-</c> and the name of a region in names of at most 63 characters.</summary>
    [GeneratedRegex("^[a-z]([a-z0-9-]{0,14}[a-z0-9])?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    [GeneratedRegex("^/[!#-&(-;=?-~]*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex PathPattern();
}
