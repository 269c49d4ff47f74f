using System.Globalization;
using System.Xml.Linq;

namespace SwarmOps.Aws.Dns.Api;

/// <summary>How Route 53's checkers check an address.</summary>
internal sealed record HealthCheckSettings
{
    private static readonly XNamespace Xml = Route53Client.Namespace;

    /// <summary>The port.</summary>
    public int Port { get; init; }

    /// <summary>Whether the request goes over TLS; Route 53 does not verify the certificate.</summary>
    public bool IsTls { get; init; }

    /// <summary>The path to request; null for a TCP connection only.</summary>
    public string? Path { get; init; }

    /// <summary>The Host header, and with TLS the name of the server; null for the address.</summary>
    public string? Host { get; init; }

    /// <summary>Time between two checks of one checker: 10 or 30.</summary>
    public int IntervalSeconds { get; init; } = 30;

    /// <summary>Number of failed checks that make an address unhealthy.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>Route 53's type.</summary>
    public string Type =>
        Path is null ? "TCP"
        : IsTls ? "HTTPS"
        : "HTTP";

    /// <summary>The settings of a check; null for a kind of check that does not check one address.</summary>
    public static HealthCheckSettings? Of(XElement config)
    {
        var type = (string?)config.Element(Xml + "Type");
        return type is not ("TCP" or "HTTP" or "HTTPS")
            ? null
            : new HealthCheckSettings
            {
                Port = Number(config, "Port"),
                IsTls = type == "HTTPS",
                Path = type == "TCP" ? null : Text(config, "ResourcePath") ?? "/",
                Host = type == "TCP" ? null : Text(config, "FullyQualifiedDomainName"),
                IntervalSeconds = Number(config, "RequestInterval"),
                Retries = Number(config, "FailureThreshold"),
            };
    }

    /// <summary>The settings for an address, in the order of Route 53's schema.</summary>
    public XElement ToXml(string address) =>
        new(
            Xml + "HealthCheckConfig",
            new XElement(Xml + "IPAddress", address),
            new XElement(Xml + "Port", Invariant(Port)),
            new XElement(Xml + "Type", Type),
            Path is null ? null : new XElement(Xml + "ResourcePath", Path),
            Path is null || Host is null ? null : new XElement(Xml + "FullyQualifiedDomainName", Host),
            new XElement(Xml + "RequestInterval", Invariant(IntervalSeconds)),
            new XElement(Xml + "FailureThreshold", Invariant(Retries)),
            IsTls ? new XElement(Xml + "EnableSNI", Host is null ? "false" : "true") : null
        );

    /// <summary>In words, such as <c>HTTP 80/healthz</c>.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Type} {Port}{Path}{(Host is null ? "" : $" (host {Host})")}, every {IntervalSeconds} s, {Retries} {(Retries == 1 ? "failure" : "failures")}"
        );

    private static string? Text(XElement config, string name) => (string?)config.Element(Xml + name) is { Length: > 0 } text ? text : null;

    private static int Number(XElement config, string name) =>
        int.TryParse((string?)config.Element(Xml + name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string Invariant(int number) => number.ToString(CultureInfo.InvariantCulture);
}
