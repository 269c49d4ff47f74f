using System.Xml.Linq;

namespace SwarmOps.Aws.Dns.Api;

/// <summary>A health check.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CallerReference">What its maker passed to recognize it.</param>
/// <param name="Address">The address that is checked; empty for another kind of check.</param>
/// <param name="Settings">How it is checked; null for another kind of check.</param>
/// <param name="IsInverted">Whether a healthy address counts as unhealthy: this is how an admin takes an address out by hand.</param>
/// <param name="IsDisabled">Whether nothing is checked and the address counts as healthy.</param>
internal sealed record HealthCheck(
    string Id,
    string CallerReference,
    string Address,
    HealthCheckSettings? Settings,
    bool IsInverted,
    bool IsDisabled
)
{
    private static readonly XNamespace Xml = Route53Client.Namespace;

    /// <summary>From Route 53's element.</summary>
    public static HealthCheck From(XElement element)
    {
        var config = element.Element(Xml + "HealthCheckConfig") ?? new XElement(Xml + "HealthCheckConfig");
        return new HealthCheck(
            (string?)element.Element(Xml + "Id") ?? "",
            (string?)element.Element(Xml + "CallerReference") ?? "",
            (string?)config.Element(Xml + "IPAddress") ?? "",
            HealthCheckSettings.Of(config),
            IsTrue(config, "Inverted"),
            IsTrue(config, "Disabled")
        );
    }

    private static bool IsTrue(XElement config, string name) =>
        string.Equals((string?)config.Element(Xml + name), "true", StringComparison.OrdinalIgnoreCase);
}
