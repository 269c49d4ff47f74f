namespace SwarmOps.Services.Stored;

/// <summary>The errors of secrets and configs, each with its id and the next step (docs/errors/services.md). They never contain a value.</summary>
internal static class StoredErrors
{
    public static SwarmOpsException StoredNameInvalid(StoredKind kind, string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' is not a valid name of a {kind.Noun}.",
            "Use letters, digits, '-', '_' and '.'; the first and the last character must be a letter or a digit.",
            name
        );

    public static SwarmOpsException StoredNameTooLong(StoredKind kind, string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"The name '{name}' has {name.Length} characters, which is too long for a {kind.Noun}.",
            $"Use at most {StoredRules.LongestName} characters, which leaves room for the version number.",
            name
        );

    public static SwarmOpsException StoredValueEmpty(StoredKind kind, string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"The {kind.Noun} '{name}' would be empty, which swarms do not accept.",
            kind.IsSecret
                ? "Specify a value with -Value or -Path, or generate one with -Generate."
                : "Specify the content with -Value or -Path.",
            name
        );

    public static SwarmOpsException StoredValueTooLarge(StoredKind kind, string name, int size, string limit) =>
        new(
            ErrorKind.InvalidArgument,
            $"The {kind.Noun} '{name}' has {size} bytes: {limit}.",
            "Put large files on the nodes (a bind mount) or into an image.",
            name
        );

    public static SwarmOpsException StoredLabelInvalid(string key) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{key}' is not a valid label name.",
            "Specify -Label as a hashtable of names and values, such as @{ stage = 'test' }; a name must not be empty or contain '='.",
            key
        );

    public static SwarmOpsException StoredLabelReserved(string key) =>
        new(ErrorKind.InvalidArgument, $"The label '{key}' is reserved: SwarmOps sets it.", "Omit this label.", key);

    public static SwarmOpsException ValueFileNotFound(string path) =>
        new(ErrorKind.NotFound, $"The file '{path}' does not exist.", "Specify the path of one local file with -Path.", path);

    public static SwarmOpsException ValueFileNotReadable(string path, Exception cause) =>
        new(
            ErrorKind.Permission,
            $"The file '{path}' cannot be read: {cause.Message}",
            "Specify a file that the current user may read.",
            path,
            cause
        );

    public static SwarmOpsException AlphabetInvalid(string why) =>
        new(
            ErrorKind.InvalidArgument,
            $"No secret can be generated from this alphabet: {why}.",
            "Specify at least two different printable characters with -Alphabet, such as 'abcdefghijkmnpqrstuvwxyz23456789'."
        );

    public static SwarmOpsException GeneratedTooWeak(int length, int alphabet, int bits) =>
        new(
            ErrorKind.InvalidArgument,
            $"{length} characters from an alphabet of {alphabet} can be guessed: they have {bits} bits of entropy, and the minimum is {SecretGenerator.FewestBits}.",
            "Specify a greater -Length or a larger -Alphabet."
        );

    public static SwarmOpsException StoredNotFound(StoredKind kind, string name, string swarmId) =>
        new(
            ErrorKind.NotFound,
            $"The swarm {swarmId} has no {kind.Noun} '{name}'.",
            $"List them with $nodes | Get-{kind.CmdletNoun}.",
            name
        );

    public static SwarmOpsException StoredNameTaken(StoredKind kind, string objectName) =>
        new(
            ErrorKind.AlreadyExists,
            $"The swarm already has another {kind.Noun} named '{objectName}': it was created in the meantime, or its labels give it another name.",
            $"Check with Get-{kind.CmdletNoun}, then run the same command again.",
            objectName
        );

    public static SwarmOpsException ConfigDiffers(string name, IReadOnlyList<string> differences) =>
        new(
            ErrorKind.AlreadyExists,
            $"The swarm has a config '{name}' that differs: {string.Join("; ", differences)}. A config cannot be changed.",
            $"Create a new version and move its services to it: $nodes | Update-SwarmConfig -Name {name} -Path <file>.",
            name
        );

    public static SwarmOpsException StoredInUse(StoredItem item, IReadOnlyList<string> users) =>
        new(
            ErrorKind.InvalidState,
            $"The {item.Kind.Noun} '{item.ObjectName}' is used by: {string.Join(", ", users)}.",
            $"First remove those services, or remove the {item.Kind.Noun} from them. To set a new value while they run, use Update-{item.Kind.CmdletNoun}.",
            item.ObjectName
        );

    public static SwarmOpsException StoredRotationFailed(
        StoredItem target,
        string service,
        string state,
        SwarmOpsException cause,
        IReadOnlyList<string> moved,
        IReadOnlyList<string> untouched
    ) =>
        new(
            ErrorKind.InvalidState,
            $"The service '{service}' did not converge with version {target.Version} of the {target.Kind.Noun} '{target.Name}'; {state}. The earlier version was kept. "
                + (moved.Count > 0 ? $"Services with the new version: {string.Join(", ", moved)}. " : "")
                + (untouched.Count > 0 ? $"Services not changed: {string.Join(", ", untouched)}. " : "")
                + cause.Message,
            $"Fix the reported problem, then run the same command again, or set the earlier value again with Update-{target.Kind.CmdletNoun}. Either way all services end up with the same version.",
            service,
            cause
        );

    public static SwarmOpsException VaultMissing(string name) =>
        new(
            ErrorKind.NotInstalled,
            $"The value of the secret '{name}' cannot be stored with SecretManagement: the commands Set-Secret and Get-Secret are not available in this session.",
            "Install it (Install-PSResource Microsoft.PowerShell.SecretManagement), register a vault and import the module; or omit -AsVault.",
            name
        );

    public static SwarmOpsException VaultRefused(string name, string words, Exception? cause = null) =>
        new(
            ErrorKind.Permission,
            $"The vault could not store or return the secret '{name}': {words}",
            "Fix the reported problem (a vault must be registered and unlocked), then run the same command again.",
            name,
            cause
        );

    public static SwarmOpsException ServiceNodeMissing(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' contains no nodes, so its swarm cannot be reached.",
            "Specify the nodes of the swarm with -Node.",
            name
        );
}
