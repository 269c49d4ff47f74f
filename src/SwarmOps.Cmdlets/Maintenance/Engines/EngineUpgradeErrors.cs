using SwarmOps.Nodes.Preflight;
using SwarmOps.Transport;

namespace SwarmOps.Maintenance.Engines;

/// <summary>Errors of upgrading engines (docs/errors/maintenance.md).</summary>
internal static class EngineUpgradeErrors
{
    public static SwarmOpsException EngineVersionInvalid(string text) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{text}' is not a release of Docker's engine.",
            "Specify three numbers, such as -EngineVersion 28.5.2; omit -EngineVersion for the newest release that all hosts offer and that has no severe known defect.",
            text
        );

    public static SwarmOpsException EngineReleaseUnknown(SwarmNode node, string version) =>
        new(
            ErrorKind.InvalidState,
            $"'{node.Name}' reports its engine as '{version}', which is not a release: it is not known whether the upgrade would be a downgrade. Nothing was changed.",
            "Leave the node out with -Name, and upgrade it by hand.",
            node
        );

    public static SwarmOpsException EngineDowngrade(SwarmNode node, EngineRelease present, EngineRelease target) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{node.Name}' runs engine {present}, newer than {target}: an older engine may not read what a newer one wrote. Nothing was changed.",
            $"Specify -EngineVersion {present} or later, or leave the node out with -Name.",
            node
        );

    public static SwarmOpsException EnginesCannotTalk(EngineDefect defect, EngineRelease target, IReadOnlyList<string> affected) =>
        new(
            ErrorKind.InvalidState,
            $"With {target} on some nodes only, {defect.Title} ({string.Join(", ", affected)}). The swarm has encrypted overlays, so an upgrade node by node would cut them. Nothing was changed.",
            $"{defect.Action} To accept that encrypted overlays between upgraded and other nodes carry nothing until the last node is done: -Force.",
            target.ToString()
        );

    public static SwarmOpsException EngineVersionNotOffered(SwarmNode node, EngineRelease release, EnginePackage package) =>
        new(
            ErrorKind.NotFound,
            $"The package sources of '{node.Name}' do not have {package.Name} {release}. They have: {Words(package.Versions)}. The node is in service as before.",
            "Choose a release that all hosts have, add a package source that has it (docs.docker.com, Install), or install it with -Script.",
            node
        );

    public static SwarmOpsException NoEngineVersionFits(IReadOnlyList<string> offers, IReadOnlyList<string> refused) =>
        new(
            ErrorKind.NotFound,
            $"No release is offered by all hosts, newer than what runs, and free of severe known defects. Offered: {string.Join("; ", offers)}. "
                + (refused.Count > 0 ? $"Refused: {string.Join("; ", refused)}. " : "")
                + "Nothing was changed.",
            "Give all hosts a package source with a better release (docs/engines.md), or choose one with -EngineVersion.",
            null
        );

    public static SwarmOpsException EngineNotPackaged(SwarmNode node) =>
        new(
            ErrorKind.NotInstalled,
            $"The engine of '{node.Name}' was installed neither by the package docker-ce nor by docker.io.",
            "Specify -Script with the commands that install the release of -EngineVersion, which they find in $ENGINE_VERSION.",
            node
        );

    public static SwarmOpsException EngineUpgradeFailed(SwarmNode node, EngineRelease target, string seen) =>
        new(
            ErrorKind.InvalidState,
            $"The engine of '{node.Name}' is not {target} after the upgrade: {Masking.Text(seen)}. The node is suspended; the others do its work.",
            "Check /var/log/swarmops-maintenance.log and journalctl -u docker on the host.",
            node
        );

    private static string Words(IReadOnlyList<string> versions) => versions.Count > 0 ? string.Join(", ", versions.Take(5)) : "nothing";
}
