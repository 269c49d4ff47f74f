namespace SwarmOps.Swarm.Keys;

/// <summary>Errors of join tokens, unlock keys and the swarm's certificate authority, each with its id and recommended action (docs/errors/keys.md).</summary>
internal static class SwarmKeyErrors
{
    public static SwarmOpsException SwarmSettingsChangedMeanwhile(string swarmId) =>
        new(
            ErrorKind.InvalidState,
            $"The settings of swarm {swarmId} were changed by someone else each time they were to be updated.",
            "Run the same command again when the other change is done.",
            swarmId
        );

    public static SwarmOpsException JoinTokenNotReplaced(string swarmId, string role) =>
        new(
            ErrorKind.InvalidState,
            $"Swarm {swarmId} still has the {role} join token that was to be replaced, although its engine accepted the change.",
            "Run the same command again.",
            swarmId
        );

    public static SwarmOpsException SwarmNotAutoLocked(string swarmId) =>
        new(
            ErrorKind.InvalidState,
            $"Swarm {swarmId} has no unlock key: autolock is off.",
            "Enable autolock first, with the node set of the swarm: $nodes | Initialize-Swarm -AutoLock.",
            swarmId
        );

    public static SwarmOpsException UnlockKeyInvalid() =>
        new(
            ErrorKind.InvalidArgument,
            "This is not an unlock key: a key begins with SWMKEY-1- and has 43 more characters. Nothing was sent.",
            "Specify the key that Get-SwarmUnlockKey gave (its property UnlockKey), or the same text as a SecureString."
        );

    public static SwarmOpsException UnlockKeyWrong(SwarmNode node) =>
        new(
            ErrorKind.InvalidArgument,
            $"The engine of '{node.Name}' refused the unlock key: it belongs to another swarm, or was replaced. The node is still locked.",
            "Try the key that was valid when this manager last ran: a manager that was down while the key was replaced needs the old one. Managers that run give the current one: Get-SwarmUnlockKey.",
            node
        );

    public static SwarmOpsException NothingToUnlock(SwarmNode node, string state) =>
        new(
            ErrorKind.InvalidState,
            $"'{node.Name}' is not locked: its engine says that it is {state}.",
            state == "inactive"
                ? "It is in no swarm. Join it: ... | Join-SwarmAsWorker."
                : "Wait until its swarm has a leader, or see why it has none: Get-Swarm.",
            node
        );

    public static SwarmOpsException UnlockTimedOut(SwarmNode node, string state, TimeSpan timeout) =>
        new(
            ErrorKind.Timeout,
            $"'{node.Name}' took the unlock key, but was {state} and not an active member after {timeout.TotalSeconds:0} s: more than half of the managers must be unlocked and reach each other.",
            "Unlock the other managers too, open 2377/tcp between them, and run the same command again.",
            node
        );

    public static SwarmOpsException UnlockKeyNotReplaced(string swarmId) =>
        new(
            ErrorKind.InvalidState,
            $"Swarm {swarmId} still has the unlock key that was to be replaced, although its engine accepted the change.",
            "Run the same command again.",
            swarmId
        );

    public static SwarmOpsException UnlockKeyNotTakenOver(string swarmId, IReadOnlyList<SwarmNode> managers, TimeSpan timeout) =>
        new(
            ErrorKind.Timeout,
            $"The unlock key of swarm {swarmId} was replaced, but after {timeout.TotalSeconds:0} s these managers still have their data under the old one: {Names(managers)}.",
            "Keep the old key until they have the new one: they need it if they restart before. The current key is given by Get-SwarmUnlockKey.",
            managers
        );

    public static SwarmOpsException ManagerKeyNotLocked(string swarmId, IReadOnlyList<SwarmNode> managers, TimeSpan timeout) =>
        new(
            ErrorKind.Timeout,
            $"Swarm {swarmId} has autolock, but after {timeout.TotalSeconds:0} s the keys of these managers are not locked on their disks: {Names(managers)}. Until they are, their engines come up unlocked.",
            "They lock them by themselves when they hear of the unlock key: see whether they reach the leader (Get-Swarm), or replace the key, which waits for each manager: Update-SwarmUnlockKey.",
            managers
        );

    public static SwarmOpsException CertificatePairInvalid(string problem) =>
        new(
            ErrorKind.InvalidArgument,
            $"The certificate and key cannot be the swarm's authority: {problem}. Nothing was changed.",
            "Specify a CA certificate and its unencrypted private key, both as PEM files: -CertificatePath ca.pem -KeyPath ca-key.pem."
        );

    public static SwarmOpsException NodesDownBeforeRotation(string swarmId, IReadOnlyList<string> nodes) =>
        new(
            ErrorKind.InvalidState,
            $"The engine ends a change of the authority only when every node has its new certificate, and these nodes of swarm {swarmId} do not answer: {string.Join(", ", nodes.Select(node => $"'{node}'"))}. Nothing was changed.",
            "Start them, or remove those that are gone (Remove-SwarmNode). With -Force the change is begun now and goes on when they are back.",
            nodes
        );

    public static SwarmOpsException CertificateRotationUnfinished(string swarmId, IReadOnlyList<string> nodes, TimeSpan timeout) =>
        new(
            ErrorKind.Timeout,
            $"The new authority of swarm {swarmId} is in use, but after {timeout.TotalSeconds:0} s these nodes did not have a certificate from it: {(nodes.Count == 0 ? "none is known, and the engine has not ended the change" : string.Join(", ", nodes.Select(node => $"'{node}'")))}. Old and new certificates are both valid until then.",
            "The engines go on by themselves. Start the named nodes or remove those that are gone (Remove-SwarmNode), then run the same command again: it waits for this change and does not begin another.",
            nodes
        );

    public static SwarmOpsException CertificateNotReplaced(string swarmId) =>
        new(
            ErrorKind.InvalidState,
            $"Swarm {swarmId} still has the authority that was to be replaced, although its engine accepted the change.",
            "Run the same command again.",
            swarmId
        );

    private static string Names(IEnumerable<SwarmNode> nodes) => string.Join(", ", nodes.Select(node => $"'{node.Name}'"));
}
