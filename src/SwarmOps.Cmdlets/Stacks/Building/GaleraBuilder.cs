using SwarmOps.Galera;
using SwarmOps.Galera.Formation;
using SwarmOps.Stacks.Model;
using SwarmOps.Stacks.Rules;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Building;

/// <summary>A Galera cluster from a service with <c>x-swarmops.galera</c>: the service says image, network and memory, the rest is under that key.</summary>
internal sealed class GaleraBuilder(YamlMapping service, string path, BuildContext context)
{
    private const string Extension = "x-swarmops";

    /// <summary>What the cluster takes from the service, and what says nothing of running containers.</summary>
    private static readonly string[] Taken =
    [
        "image",
        "networks",
        "deploy",
        "mem_limit",
        "mem_reservation",
        "profiles",
        "extends",
        "expose",
    ];

    private static readonly string[] Meaningless = ["edge", "geoDns", "spread", "createMountPath"];

    private readonly Fields fields = new(service);

    public static bool IsGalera(Fields service) => service.Map(Extension).Has("galera");

    public StackService AddTo(StackService built)
    {
        var extension = fields.Map(Extension);
        var galera = extension.Map("galera");
        foreach (var entry in service.Entries.Where(IsForeign))
            context.Refuse(
                entry.At,
                $"{path}.{entry.Key}",
                "The service is a Galera cluster, which does not take it.",
                $"Write it under {Extension}.galera if it is there, or keep it in a file of its own for Docker Compose."
            );
        foreach (var key in Meaningless.Where(extension.Has))
            context.Problems.Add(
                extension.At(key),
                $"{path}.{Extension}.{key} has no meaning for a Galera cluster, which has a node in each region.",
                $"Remove '{key}'; regions are listed under 'region'."
            );
        CheckDeploy(built);
        if (built.Networks.Count != 1)
            context.Problems.Add(
                fields.At("networks"),
                $"{path} has {built.Networks.Count} networks, and a Galera cluster is on one.",
                "Keep the network that its clients use."
            );
        var cluster = Request(built, extension, galera);
        // The name may still have to be made of that of the stack; a missing image was reported.
        PartBuilder.Check(
            context,
            extension.At("galera"),
            $"{path}.{Extension}.galera",
            () =>
                GaleraRules.Check(
                    cluster with
                    {
                        Name = cluster.Name.Length > 0 ? cluster.Name : "galera",
                        Image = cluster.Image.Length > 0 ? cluster.Image : "mariadb",
                    }
                )
        );

        return built with
        {
            Galera = new StackGalera(built.Key, built.At, built.Networks[0].Network, cluster),
        };
    }

    private bool IsForeign(YamlEntry entry) =>
        !entry.Key.StartsWith("x-", StringComparison.Ordinal) && !Taken.Contains(entry.Key) && fields.Has(entry.Key);

    private void CheckDeploy(StackService built)
    {
        var deploy = fields.Map("deploy");
        foreach (var entry in fields.Entries("deploy").Where(entry => entry.Key != "resources" && deploy.Has(entry.Key)))
            context.Refuse(
                entry.At,
                $"{path}.deploy.{entry.Key}",
                "A Galera cluster decides it.",
                "Remove it, or keep it in a file of its own for Docker Compose."
            );
        var resources = built.Resources;
        if (
            resources.LimitNanoCpu is not null
            || resources.ReserveNanoCpu is not null
            || resources.LimitPids is not null
            || resources.Generic.Count > 0
        )
            context.Refuse(
                fields.At("deploy"),
                $"{path}.deploy.resources",
                "A Galera cluster takes limit and reservation of memory only.",
                "Keep 'memory' under limits and reservations."
            );
    }

    private static GaleraRequest Request(StackService built, Fields extension, Fields galera)
    {
        var standard = new GaleraRequest
        {
            Name = galera.Text("name") ?? "",
            Overlay = "",
            Image = built.Image,
        };
        return standard with
        {
            ImageBootstraps = galera.Flag("imageBootstraps") is true,
            Layout = galera.Text("layout") == "global" ? GaleraLayout.Global : GaleraLayout.PerRegion,
            Regions = extension.Texts("region"),
            Arbitrator = galera.Text("arbitrator"),
            ArbitratorImage = galera.Text("arbitratorImage"),
            Tls = galera.Flag("tls"),
            RootSecret = galera.Text("rootPasswordSecret") ?? standard.RootSecret,
            DataPath = galera.Text("dataPath") ?? standard.DataPath,
            DataOwner = galera.Text("dataPathOwner") ?? DataAccess.DefaultOwner,
            DataMode = galera.Scalar("dataPathMode") is { } mode ? "0" + Convert.ToString(Forms.Mode(mode), 8) : DataAccess.DefaultMode,
            CacheSize = galera.Bytes("cacheSize"),
            WanTimeout = galera.Flag("wanTimeout") is true,
            Strict = galera.Flag("strict"),
            Options = galera.Table("options"),
            Database = galera.Text("database"),
            User = galera.Text("user"),
            UserSecret = galera.Text("userPasswordSecret"),
            Publish = galera.Flag("publish") is true,
            LimitMemory = built.Resources.LimitMemory,
            ReserveMemory = built.Resources.ReserveMemory,
        };
    }
}
