namespace SwarmOps.Nodes.Keys;

/// <summary>The errors of replacing SSH keys, each with its id and the next step (docs/errors/nodes.md).</summary>
internal static class NodeKeyErrors
{
    public static SwarmOpsException NodeKeyUnknown(SwarmNode node) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{node.Name}' has no KeyFilePath, so the key that is to be replaced is not known. Nothing was changed on it.",
            "Describe the node with its present key (New-SwarmNode -KeyFilePath), or pass the key's text with -PrivateKey.",
            node
        );

    public static SwarmOpsException NodeKeyNotOverSsh(SwarmNode node) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{node.Name}' is not reached over SSH ({node.DockerHost}), so it has no SSH key to replace.",
            "Omit the node.",
            node
        );

    public static SwarmOpsException NodeKeyElsewhere(SwarmNode node, string fingerprint) =>
        new(
            ErrorKind.InvalidState,
            $"'{node.Name}' accepts the key {fingerprint}, but the user's ~/.ssh/authorized_keys does not contain it: sshd takes keys from another place. Nothing was changed on it.",
            "Replace the key where sshd takes it from (AuthorizedKeysFile, AuthorizedKeysCommand in sshd_config).",
            node
        );

    public static SwarmOpsException NodeKeyFileChanged(SwarmNode node) =>
        new(
            ErrorKind.InvalidState,
            $"The file authorized_keys of '{node.Name}' was changed by someone else at the same time. The old key is still accepted.",
            "Run the same command again.",
            node
        );

    /// <param name="node">The node.</param>
    /// <param name="why">What came of the new key.</param>
    /// <param name="isRestored">Whether the file is what it was before the last change.</param>
    /// <param name="hasOld">Whether the old key is in the file now.</param>
    public static SwarmOpsException NodeKeyNotProven(SwarmNode node, SwarmOpsException why, bool isRestored, bool hasOld) =>
        new(
            ErrorKind.Authentication,
            $"'{node.Name}' did not accept the new key: {why.Message.TrimEnd('.')}. "
                + (isRestored, hasOld) switch
                {
                    (true, true) => "Its authorized_keys contain the old key, as before.",
                    (true, false) => "Its authorized_keys contain only the new key, as before.",
                    (false, true) => "Its authorized_keys contain both keys: the new one could not be taken out again.",
                    _ =>
                        "Its authorized_keys contain only the new key: the old one could not be put back. It is in authorized_keys.swarmops beside that file.",
                },
            "Check the new key file, and that sshd accepts its type (PubkeyAcceptedAlgorithms in sshd_config), then run the same command again.",
            node,
            why
        );

    public static SwarmOpsException NodeKeySame(SwarmNode node, string fingerprint) =>
        new(
            ErrorKind.InvalidArgument,
            $"The new key of '{node.Name}' is the present one ({fingerprint}).",
            "Make another key (ssh-keygen -t ed25519 -f file), and specify it with -NewKeyFilePath.",
            node
        );
}
