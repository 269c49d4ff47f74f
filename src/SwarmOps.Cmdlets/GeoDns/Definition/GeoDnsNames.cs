using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SwarmOps.GeoDns.Definition;

/// <summary>Names of what a zone consists of in the swarm, on the hosts and in the containers.</summary>
internal static class GeoDnsNames
{
    /// <summary>The label with the zone, on its services and configs.</summary>
    public const string ZoneLabel = "swarmops.geodns";

    /// <summary>The label with the edge service, on the services.</summary>
    public const string EdgeLabel = "swarmops.geodns.service";

    /// <summary>The label with the name of the node, on the services.</summary>
    public const string NodeLabel = "swarmops.geodns.node";

    /// <summary>Configuration directory in the container.</summary>
    public const string ConfigPath = "/etc/swarmops-geodns";

    /// <summary>The definition in the container.</summary>
    public const string DefinitionTarget = ConfigPath + "/definition.json";

    /// <summary>The start script in the container.</summary>
    public const string StartTarget = "/geodns-start.sh";

    /// <summary>Where gdnsd reads forced states, whatever its configuration says (gdnsd(8), "ADMIN STATE FILE").</summary>
    public const string StateTarget = "/var/lib/gdnsd/admin_state";

    /// <summary>Directory of the control socket, which the containers of a host share.</summary>
    public const string RunPath = "/run/gdnsd";

    /// <summary>The volume for it.</summary>
    public const string RunVolume = "swarmops-geodns-run";

    /// <summary>The directory of the containers' own files, on a tmpfs.</summary>
    public const string OwnPath = "/tmp";

    /// <summary>Directory of the databases, on the hosts and in the containers.</summary>
    public const string DatabasePath = "/srv/geodns";

    /// <summary>The name under which gdnsd monitors the nodes, and the resource that answers by region.</summary>
    public const string Check = "edge";

    /// <summary>Room for <c>-ns99</c> and the name of a file in names of at most 63 and 59 characters.</summary>
    private const int LongestBase = 40;

    /// <summary>The beginning of the names of a zone's services and configs.</summary>
    public static string Base(string zone)
    {
        var plain = "geodns-" + zone.Replace('.', '-');
        return plain.Length <= LongestBase ? plain : $"{plain[..(LongestBase - 9)].TrimEnd('-')}-{Hash(zone)}";
    }

    /// <summary>Name of a name server's service.</summary>
    public static string Service(string zone, int number) => string.Create(CultureInfo.InvariantCulture, $"{Base(zone)}-ns{number}");

    /// <summary>Name of a config.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="file">What it holds, such as <c>zone</c>.</param>
    public static string Config(string zone, string file) => $"{Base(zone)}.{file}";

    /// <summary>The database of a zone, on the hosts and in the containers.</summary>
    public static string Database(string zone) => $"{DatabasePath}/{zone}.mmdb";

    private static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8].ToLowerInvariant();
}
