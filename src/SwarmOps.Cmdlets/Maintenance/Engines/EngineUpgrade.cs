using SwarmOps.Nodes;
using SwarmOps.Nodes.Preflight;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Maintenance.Engines;

/// <summary>Upgrades the engine of one host, by its packages or by a script.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="node">The node.</param>
internal sealed class EngineUpgrade(IOperationContext context, SwarmNode node)
{
    /// <summary>How long an engine may take to answer after it was installed.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(120);

    /// <summary>Packages that were held against updates by chance are meant here, and are held again afterwards. A lost connection ends neither dpkg nor that.</summary>
    internal const string InstallScript = """
        log=/var/log/swarmops-maintenance.log
        export DEBIAN_FRONTEND=noninteractive LC_ALL=C NEEDRESTART_MODE=l
        set -- "@PACKAGE@=@VERSION@"
        has() { case $(dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null) in ?i*) return 0 ;; esac; return 1; }
        for more in docker-ce-cli docker-ce-rootless-extras docker-cli; do
            if has $more && apt-cache show "$more=@VERSION@" >/dev/null 2>&1; then set -- "$@" "$more=@VERSION@"; fi
        done
        if has containerd.io; then set -- "$@" containerd.io; fi
        held=$(apt-mark showhold | grep -x -e docker-ce -e docker-ce-cli -e docker-ce-rootless-extras -e containerd.io -e docker.io -e docker-cli)
        export held
        setsid -w sh -c '
            dpkg --configure -a && apt-get -q -y -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold --allow-change-held-packages install "$@"
            code=$?
            if [ -n "$held" ]; then apt-mark hold $held; fi
            exit $code
        ' sh "$@" >"$log" 2>&1 </dev/null
        if [ $? -ne 0 ]; then tail -n 20 "$log" >&2; exit 1; fi
        """;

    // A package that does not restart its engine leaves the old one running.
    private const string RestartScript = """
        installed=$(dockerd --version 2>/dev/null | sed 's/^Docker version \([^,]*\),.*/\1/')
        running=$(docker version --format '{{.Server.Version}}' 2>/dev/null)
        if [ -n "$installed" ] && [ "$installed" != "$running" ]; then systemctl restart docker; fi
        """;

    private const string RefreshScript = "DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 update";

    private INodeConnection Connection => context.Connection(node);

    /// <summary>Reads a release that a user specified.</summary>
    /// <exception cref="SwarmOpsException"><c>EngineVersionInvalid</c>.</exception>
    public static EngineRelease Parse(string text) => EngineRelease.TryParse(text) ?? throw EngineUpgradeErrors.EngineVersionInvalid(text);

    /// <summary>The package of the engine, from the lists that the host has; null when it is none that is known.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<EnginePackage?> PackageAsync() =>
        EnginePackage.Parse(
            await RunAsync("reading its engine's package", EnginePackage.Script, TimeSpan.FromMinutes(1)).ConfigureAwait(false)
        );

    /// <summary>What apt calls a release on this host, after its lists were read anew. The engine is not touched.</summary>
    /// <exception cref="SwarmOpsException"><c>EngineNotPackaged</c>, <c>EngineVersionNotOffered</c>, the transport's errors.</exception>
    public async Task<(string Package, string Version)> FindAsync(EngineRelease release, TimeSpan limit)
    {
        await RunAsync("reading its package sources", RefreshScript, limit).ConfigureAwait(false);
        var package = await PackageAsync().ConfigureAwait(false) ?? throw EngineUpgradeErrors.EngineNotPackaged(node);
        return (package.Name, package.Find(release) ?? throw EngineUpgradeErrors.EngineVersionNotOffered(node, release, package));
    }

    /// <summary>Installs a version of the package.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public Task InstallAsync(string package, string version, TimeSpan limit) =>
        RunAsync(
            "installing the engine",
            InstallScript.Replace("@PACKAGE@", package, StringComparison.Ordinal).Replace("@VERSION@", version, StringComparison.Ordinal),
            limit
        );

    /// <summary>Runs the user's script, which finds the release in <c>$ENGINE_VERSION</c>.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public Task RunScriptAsync(EngineRelease release, string script, TimeSpan limit) =>
        RunAsync("running the script that installs the engine", $"export ENGINE_VERSION={release}\n{script}", limit);

    /// <summary>Whether a release runs; an engine that does not answer runs none.</summary>
    public async Task<bool> RunsAsync(EngineRelease release) =>
        EngineRelease.TryParse(await VersionAsync().ConfigureAwait(false)) == release;

    /// <summary>Starts what was installed, where the package has not, and waits until it answers.</summary>
    /// <exception cref="SwarmOpsException"><c>EngineUpgradeFailed</c>, the transport's errors.</exception>
    public async Task VerifyAsync(EngineRelease release)
    {
        await RunAsync("restarting the engine", RestartScript, AnswerLimit).ConfigureAwait(false);
        var seen = "it does not answer";
        var runs = await Polling
            .UntilAsync(
                async () =>
                {
                    await Connection.ResetAsync().ConfigureAwait(false);
                    seen = await VersionAsync().ConfigureAwait(false) is { } version ? $"{version} answers" : "it does not answer";
                    return EngineRelease.TryParse(seen.Split(' ')[0]) == release ? seen : null;
                },
                AnswerLimit,
                context.CancellationToken
            )
            .ConfigureAwait(false);
        if (runs is null)
            throw EngineUpgradeErrors.EngineUpgradeFailed(node, release, seen);
    }

    private async Task<string?> VersionAsync()
    {
        try
        {
            return (await NodeObservation.TakeAsync(node, Connection, context.CancellationToken).ConfigureAwait(false)).Info.ServerVersion;
        }
        catch (SwarmOpsException error)
        {
            context.WriteVerbose($"{node.Name}: {error.Message}");
            return null;
        }
    }

    private Task<string> RunAsync(string what, string script, TimeSpan limit) =>
        Connection.RunCheckedAsync(what, new NodeCommand(script) { AsRoot = true, Timeout = limit }, context.CancellationToken);
}
