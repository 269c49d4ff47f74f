using System.Management.Automation;
using System.Reflection;
using SwarmOps.Aws;
using SwarmOps.Aws.Cluster;
using SwarmOps.Aws.Dns;
using SwarmOps.Aws.Session;
using SwarmOps.Completion;
using SwarmOps.Folders;
using SwarmOps.Galera;
using SwarmOps.GeoDns;
using SwarmOps.Monitoring;
using SwarmOps.Nodes;
using SwarmOps.Overlay;
using SwarmOps.Overlay.Proof;
using SwarmOps.Services;
using SwarmOps.Services.Edge;
using SwarmOps.Services.Stored;
using SwarmOps.Services.Tasks;
using SwarmOps.Stacks;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Tests.Unit;

/// <summary>Every parameter that asks for a name of a known kind has its completer.</summary>
public sealed class CompletionParameterTests
{
    [Fact]
    public void Each_parameter_that_asks_for_a_name_has_the_completer_of_its_kind()
    {
        var asked = CompletionCmdlets
            .All.SelectMany(type => Parameters(type).Select(parameter => (Cmdlet: type, Parameter: parameter)))
            .Select(entry =>
                (
                    Name: $"{CompletionCmdlets.NameOf(entry.Cmdlet)} -{entry.Parameter.Name}",
                    Expected: Expected(entry.Cmdlet, entry.Parameter),
                    Has: CompleterOf(entry.Parameter)
                )
            )
            .Where(entry => entry.Expected is not null)
            .ToList();

        Assert.Empty(
            asked
                .Where(entry => entry.Expected != entry.Has)
                .Select(entry => $"{entry.Name} needs {entry.Expected!.Name}, has {entry.Has?.Name ?? "none"}")
        );
        Assert.True(asked.Count > 60, $"Only {asked.Count} parameters were looked at.");
    }

    [Fact]
    public void Every_completer_of_the_module_is_silent_when_it_fails() =>
        Assert.All(
            CompletionCmdlets.All.SelectMany(Parameters).Select(CompleterOf).OfType<Type>().Distinct(),
            type => Assert.True(type.IsSubclassOf(typeof(NameCompleter)), type.Name)
        );

    [Fact]
    public void Every_completer_is_used()
    {
        var used = CompletionCmdlets.All.SelectMany(Parameters).Select(CompleterOf).ToHashSet();
        var all = typeof(NameCompleter).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(NameCompleter)) && !type.IsAbstract);
        Assert.All(all, type => Assert.Contains(type, used));
    }

    private static IEnumerable<PropertyInfo> Parameters(Type cmdlet) =>
        cmdlet
            .GetProperties()
            .Where(property =>
                property.IsDefined(typeof(ParameterAttribute))
                && property.PropertyType is var type
                && (type == typeof(string) || type == typeof(string[]) || type == typeof(object[]))
            );

    private static Type? CompleterOf(PropertyInfo parameter) => parameter.GetCustomAttribute<ArgumentCompleterAttribute>()?.Type;

    private static Type? Expected(Type cmdlet, PropertyInfo parameter)
    {
        var isAws = cmdlet.IsSubclassOf(typeof(AwsCmdlet));
        return (CompletionCmdlets.NameOf(cmdlet), CompletionCmdlets.Of(cmdlet).NounName, parameter.Name) switch
        {
            ("New-SwarmNode", _, "Region") => typeof(KnownRegionCompleter),
            // A new node's name, zone or instance is nothing that exists.
            ("New-SwarmNode", _, _) when parameter.Name != "HostKeyPolicy" => null,
            (_, _, "HostKeyPolicy") => typeof(HostKeyPolicyCompleter),
            // Where there is no swarm that could be asked.
            ("Initialize-Swarm" or "Restore-Swarm" or "Repair-Swarm", _, "On") => typeof(NodeNameCompleter),
            (_, "SwarmNode", "Name") or (_, _, "On") or ("Repair-GaleraCluster" or "New-SwarmSharedFolder", _, "From") =>
                typeof(MemberNameCompleter),
            ("Backup-Swarm", _, "Galera") => typeof(GaleraClusterNameCompleter),
            (_, _, "GaleraNode") => typeof(MemberNameCompleter),
            (_, _, "NameOn") => typeof(OverlayNameCompleter),
            (_, _, "Last") => typeof(MemberPlaceCompleter),
            (_, "SwarmRegionNode", "Name") => typeof(RegionNodeNameCompleter),
            (_, _, "Cluster") => typeof(ClusterNameCompleter),
            (_, _, "Region" or "ExcludeRegion") when isAws => typeof(RegionCompleter),
            (_, _, "InstanceType") => typeof(InstanceTypeCompleter),
            (_, _, "Region" or "RegionOrder" or "Arbitrator") => typeof(NodeRegionCompleter),
            (_, "SwarmGeoDns", "Zone") => typeof(GeoDnsZoneCompleter),
            (_, "SwarmDnsRecord", "Zone") => typeof(HostedZoneCompleter),
            (_, "SwarmDnsRecord", "Name") => typeof(DnsRecordNameCompleter),
            (_, _, "Zone") => typeof(NodeZoneCompleter),
            ("Set-SwarmNode", _, "RemoveLabel") or (_, _, "SpreadOver") => typeof(NodeLabelCompleter),
            (_, _, "RemoveLabel") => typeof(ServiceLabelCompleter),
            (_, _, "RemoveEnvironment") => typeof(EnvironmentNameCompleter),
            (_, _, "Constraint") => typeof(PlacementConstraintCompleter),
            (_, _, "Network" or "Overlay") or (_, "SwarmOverlay" or "EncryptedOverlay", "Name") => typeof(OverlayNameCompleter),
            (_, _, "NameServer" or "NodeName") => typeof(MemberNameCompleter),
            (_, "SwarmEdgeService" or "SwarmEdge", "Name") or (_, "SwarmGeoDns" or "SwarmDnsRecord", "Service") =>
                typeof(EdgeServiceNameCompleter),
            (_, "SwarmRegistryCredential", "Service") => typeof(ServiceNameCompleter),
            (_, "SwarmTask", "Task") => typeof(TaskNameCompleter),
            (_, "SwarmService" or "SwarmServiceLog" or "SwarmTask", "Name" or "Service" or "Like") => typeof(ServiceNameCompleter),
            (_, "SwarmSecret", "Name") or (_, _, "Secret" or "RootPasswordSecret" or "UserPasswordSecret") => typeof(SecretNameCompleter),
            (_, "SwarmConfig", "Name") or (_, _, "Config") => typeof(ConfigNameCompleter),
            (_, "GaleraService" or "GaleraCluster" or "GaleraRestart", "Name") => typeof(GaleraClusterNameCompleter),
            (_, "SwarmSharedFolder", "Name") => typeof(FolderNameCompleter),
            (_, "SwarmMonitoring", "Name") => typeof(MonitoringNameCompleter),
            (_, "SwarmMonitoring", "EdgeService") => typeof(EdgeServiceNameCompleter),
            (_, "SwarmMonitoring", "Galera") => typeof(GaleraClusterNameCompleter),
            (_, "SwarmMonitoring", "PrometheusNode") => typeof(MemberNameCompleter),
            (_, "SwarmMonitoring", _) when parameter.Name.EndsWith("Image", StringComparison.Ordinal) => typeof(ImageNameCompleter),
            (_, "SwarmStack", "Name") => typeof(StackNameCompleter),
            (_, "SwarmStack", "Service") => typeof(ServiceNameCompleter),
            (_, "SwarmStack", "Profile") => typeof(StackProfileCompleter),
            ("Copy-SwarmImage", _, "From" or "To") => typeof(NodeNameCompleter),
            (_, "SwarmImage", "Exclude") => typeof(ImageNameCompleter),
            (_, _, "Image" or "ArbitratorImage" or "ProbeImage") => typeof(ImageNameCompleter),
            _ => null,
        };
    }
}
