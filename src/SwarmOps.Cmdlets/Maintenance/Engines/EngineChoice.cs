using SwarmOps.Nodes.Preflight;
using SwarmOps.Overlay;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Maintenance.Engines;

/// <summary>The release to which the engines of some nodes are upgraded: the one that was asked for, or the best that all of them offer.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="throttleLimit">How many hosts are asked at the same time.</param>
internal sealed class EngineChoice(IOperationContext context, SwarmSession swarm, int throttleLimit)
{
    /// <summary>Finds and checks it.</summary>
    /// <param name="targets">The nodes.</param>
    /// <param name="wanted">The release that was asked for; null chooses one.</param>
    /// <param name="isForced">Whether a cut of encrypted overlays is accepted.</param>
    /// <exception cref="SwarmOpsException">Those of <see cref="EngineUpgradeErrors"/> and the transport.</exception>
    public async Task<EngineRelease> FindAsync(IReadOnlyList<MaintenanceTarget> targets, EngineRelease? wanted, bool isForced)
    {
        var present = targets.ToDictionary(target => target, PresentOf);
        List<EngineRelease> all =
        [
            .. swarm
                .View.Members.Select(member => EngineRelease.TryParse(member.Description?.Engine?.EngineVersion))
                .OfType<EngineRelease>(),
        ];
        var hasEncrypted = (await swarm.ReadNetworksAsync().ConfigureAwait(false)).Any(network =>
            OverlayNetwork.IsOverlay(network) && new OverlayNetwork(network).Encrypted
        );
        if (wanted is not { } release)
            return await ChooseAsync(targets, [.. present.Values], all, hasEncrypted).ConfigureAwait(false);
        foreach (var (target, now) in present)
        {
            if (now > release)
                throw EngineUpgradeErrors.EngineDowngrade(target.Node, now, release);
        }

        if (hasEncrypted && EngineRules.Cut(release, all) is { } cut)
        {
            List<string> affected = [.. all.Append(release).Where(cut.IsIn).Distinct().Order().Select(other => other.ToString())];
            if (!isForced)
                throw EngineUpgradeErrors.EnginesCannotTalk(cut, release, affected);
            context.WriteWarning(
                $"Encrypted overlays between upgraded and other nodes carry nothing until the last node is done, because -Force was specified: {cut.Title}."
            );
        }

        foreach (var defect in EngineRules.Severe(release))
            context.WriteWarning($"Engine {release}: {defect.Title}. {defect.Action}");
        return release;
    }

    private async Task<EngineRelease> ChooseAsync(
        IReadOnlyList<MaintenanceTarget> targets,
        IReadOnlyList<EngineRelease> present,
        IReadOnlyList<EngineRelease> all,
        bool hasEncrypted
    )
    {
        var packages = await Throttle
            .ForEachAsync(
                targets,
                throttleLimit,
                async target =>
                    await new EngineUpgrade(context, target.Node).PackageAsync().ConfigureAwait(false)
                    ?? throw EngineUpgradeErrors.EngineNotPackaged(target.Node),
                context.CancellationToken
            )
            .ConfigureAwait(false);
        return EngineRules.Choose([.. packages.Select(package => package.Releases)], present, all, hasEncrypted, out var refused)
            ?? throw EngineUpgradeErrors.NoEngineVersionFits(
                [
                    .. targets.Zip(
                        packages,
                        (target, package) => $"{target.Name} {string.Join(", ", package.Releases.OrderDescending().Take(5))}"
                    ),
                ],
                refused
            );
    }

    private static EngineRelease PresentOf(MaintenanceTarget target)
    {
        var text = target.Report.Observation?.Info.ServerVersion ?? target.Member.Description?.Engine?.EngineVersion ?? "";
        return EngineRelease.TryParse(text) ?? throw EngineUpgradeErrors.EngineReleaseUnknown(target.Node, text);
    }
}
