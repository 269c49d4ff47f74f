namespace SwarmOps.Overlay;

/// <summary>Errors of the NAT rule (docs/errors/overlay.md).</summary>
internal static class NatRepairErrors
{
    public static SwarmOpsException NatRepairNeedsShell(SwarmNode node, Exception cause) =>
        new(
            ErrorKind.InvalidState,
            $"Whether '{node.Name}' is behind NAT could not be determined: commands cannot be run on its host through its endpoint {node.DockerHost}.",
            "Use an ssh:// endpoint for the node, or specify -SkipNatRepair and install the NAT rule yourself (docs/networking.md).",
            node,
            cause
        );

    public static SwarmOpsException NatRepairNeedsRoot(SwarmNode node, string said) =>
        new(
            ErrorKind.Permission,
            $"The NAT rule of '{node.Name}' needs root, and the SSH user cannot use sudo without a password: {said}",
            "Connect as root, or allow the user sudo without a password: echo '<user> ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/swarmops.",
            node
        );

    public static SwarmOpsException NatRepairNotReadable(SwarmNode node, string why) =>
        new(
            ErrorKind.InvalidData,
            $"Whether '{node.Name}' is behind NAT could not be determined: {why}.",
            "The node must run Linux with iproute2 (the command ip). Install it, or specify -SkipNatRepair.",
            node
        );

    public static SwarmOpsException EngineOnAnotherHost(SwarmNode node, string engineHost, string shellHost) =>
        new(
            ErrorKind.InvalidState,
            $"Commands for '{node.Name}' run on '{shellHost}', but its engine runs on '{engineHost}': the NAT rule would be installed on the wrong machine.",
            "Use an ssh:// endpoint on the machine of the engine, or specify -SkipNatRepair.",
            node
        );

    public static SwarmOpsException NftablesMissing(SwarmNode node, string why) =>
        new(
            ErrorKind.NotInstalled,
            $"'{node.Name}' needs nftables for the NAT rule, but {NatRepairFiles.NftPath} does not exist and could not be installed: {why}",
            "Install the package nftables on the node, then run the same command again.",
            node
        );

    public static SwarmOpsException NatRepairFailed(SwarmNode node, string what) =>
        new(
            ErrorKind.InvalidState,
            $"The NAT rule could not be installed on '{node.Name}': {what}",
            "Fix the reported problem on the node, then run the same command again; until then encrypted overlay networks lose its packets.",
            node
        );

    public static SwarmOpsException NatRepairNotRemoved(SwarmNode node, string what) =>
        new(
            ErrorKind.InvalidState,
            $"The NAT rule could not be removed from '{node.Name}': {what}",
            $"On the node: systemctl disable --now {NatRepairFiles.UnitName}; rm {NatRepairFiles.UnitPath} {NatRepairFiles.RulePath}; nft delete table {NatRepairFiles.Table}.",
            node
        );
}
