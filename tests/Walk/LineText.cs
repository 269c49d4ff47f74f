using System.Globalization;

namespace SwarmOps.Tests.Walk;

/// <summary>The lines that administrators type; <c>$all</c> are the nodes.</summary>
internal static class LineText
{
    private const string Service =
        "-Image lab/busybox:latest -NoResolveImage -ArgumentList sleep, 90000 -StopGraceSeconds 1 -UpdateMonitorSeconds 1 -StableSeconds 0 -TimeoutSeconds 60";

    public const string DemoteToOne = "$all | Step-SwarmDemotion -ManagerCount 1 -Confirm:$false";
    public const string RotateSecret = "$all | Update-SwarmSecret -Name pw -Generate -StableSeconds 0 -TimeoutSeconds 60";
    public const string TestOverlay = "$all | Test-SwarmOverlay -Name app";
    public const string FormGalera =
        "$all | New-EncryptedOverlay -Name db -Unencrypted | New-GaleraService -Image lab/mariadb:10.11 -NoResolveImage -Region eu-central-1, us-east-1, us-west-1 -TimeoutSeconds 180";
    public const string RestartGalera = "$all | Step-GaleraRestart -TimeoutSeconds 180";
    public const string RepairGalera = "$all | Repair-GaleraCluster -TimeoutSeconds 180";
    public const string SyncFirewall = $"$null = Sync-SwarmFirewall -Cluster {Firewall.Cluster}";

    /// <summary>What is there from the beginning and must stay: the networks, the objects that are rotated, those that nobody touches, and a service that uses them.</summary>
    public const string Furnish = $$"""
        $null = $all | New-EncryptedOverlay -Name app -Unencrypted
        $null = $all | New-SwarmSecret -Name pw -Generate
        $null = $all | New-SwarmSecret -Name kept -Generate
        $null = $all | New-SwarmConfig -Name conf -Value first
        $null = $all | New-SwarmConfig -Name kept -Value kept
        $null = $all | New-SwarmService -Name web -Mode Global -Network app -EndpointMode Dnsrr -Secret pw -Config conf:/conf {{Service}}
        """;

    /// <summary>The README's line.</summary>
    public static string Pipeline(int on, bool withPromotion = true) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"$all | Initialize-Swarm -On $all[{on}].Name | Join-SwarmAsWorker{(withPromotion ? " | Step-SwarmPromotion" : "")} | New-EncryptedOverlay -Name internal -WarningAction SilentlyContinue"
        );

    public static string Promote(int count) =>
        string.Create(CultureInfo.InvariantCulture, $"$all | Step-SwarmPromotion -ManagerCount {count}");

    public static string Demote(int host) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"$all[{host}] | Step-SwarmDemotion -Manager ($all | Where-Object Name -ne $all[{host}].Name) -Confirm:$false"
        );

    public static string RemoveAndJoin(int host) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            $others = $all | Where-Object Name -ne $all[{{host}}].Name
            $all[{{host}}] | Remove-SwarmNode -Manager $others -RestartEngine -TimeoutSeconds 60 -Confirm:$false
            $all[{{host}}] | Join-SwarmAsWorker -Manager $others
            """
        );

    public static string RotateConfig(string value) =>
        $"$all | Update-SwarmConfig -Name conf -Value {value} -StableSeconds 0 -TimeoutSeconds 60";

    public static string UpdateService(string value) =>
        $"$all | Update-SwarmService -Name web -Label @{{ walk = '{value}' }} -StableSeconds 0 -TimeoutSeconds 60";

    public static string New(string kind, string name) =>
        kind switch
        {
            "secret" => $"$all | New-SwarmSecret -Name {name} -Generate",
            "config" => $"$all | New-SwarmConfig -Name {name} -Value {name}",
            _ => $"$all | New-SwarmService -Name {name} -Replicas 2 -Secret kept {Service}",
        };

    public static string Remove(string kind, string name) =>
        kind switch
        {
            "secret" => $"$all | Remove-SwarmSecret -Name {name} -Confirm:$false",
            "config" => $"$all | Remove-SwarmConfig -Name {name} -Confirm:$false",
            _ => $"$all | Remove-SwarmService -Name {name} -Confirm:$false -TimeoutSeconds 60",
        };
}
