namespace SwarmOps.Services.Stored;

/// <summary>What can be wrong with secrets and configs, each with its id and the next step (docs/errors/services.md). No value is ever part of it.</summary>
internal static class StoredErrors
{
    public static SwarmOpsException StoredNameInvalid(StoredKind kind, string name) => new(
        "StoredNameInvalid",
        ErrorKind.InvalidArgument,
        $"'{name}' cannot be the name of a {kind.Noun}.",
        "Use letters, digits, '-', '_' and '.'; the first and the last must be a letter or a digit.",
        name);

    public static SwarmOpsException StoredNameTooLong(StoredKind kind, string name) => new(
        "StoredNameTooLong",
        ErrorKind.InvalidArgument,
        $"The name '{name}' has {name.Length} characters.",
        $"A {kind.Noun} takes {StoredRules.LongestName}, so that the number of the version still fits.",
        name);

    public static SwarmOpsException StoredValueEmpty(StoredKind kind, string name) => new(
        "StoredValueEmpty",
        ErrorKind.InvalidArgument,
        $"The {kind.Noun} '{name}' would be empty, which no swarm takes.",
        kind.IsSecret ? "Give a value with -Value or -Path, or let one be made with -Generate." : "Give content with -Value or -Path.",
        name);

    public static SwarmOpsException StoredValueTooLarge(StoredKind kind, string name, int size, string limit) => new(
        "StoredValueTooLarge",
        ErrorKind.InvalidArgument,
        $"The {kind.Noun} '{name}' has {size} bytes: {limit}.",
        "Put large files on the nodes (a bind mount) or into an image.",
        name);

    public static SwarmOpsException StoredLabelInvalid(string key) => new(
        "StoredLabelInvalid",
        ErrorKind.InvalidArgument,
        $"'{key}' cannot be the name of a label.",
        "Give -Label a table of names and values, such as @{ stage = 'test' }; a name is not empty and has no '='.",
        key);

    public static SwarmOpsException StoredLabelReserved(string key) => new(
        "StoredLabelReserved",
        ErrorKind.InvalidArgument,
        $"The label '{key}' is written by this module.",
        "Leave it out.",
        key);

    public static SwarmOpsException ValueFileNotFound(string path) => new(
        "ValueFileNotFound",
        ErrorKind.NotFound,
        $"There is no file '{path}'.",
        "Give -Path the path of one file of this machine.",
        path);

    public static SwarmOpsException ValueFileNotReadable(string path, Exception cause) => new(
        "ValueFileNotReadable",
        ErrorKind.Permission,
        $"The file '{path}' cannot be read: {cause.Message}",
        "Give a file that this user may read.",
        path,
        cause);

    public static SwarmOpsException AlphabetInvalid(string why) => new(
        "AlphabetInvalid",
        ErrorKind.InvalidArgument,
        $"From this alphabet no secret can be made: {why}.",
        "Give -Alphabet at least two different printable characters, such as 'abcdefghijkmnpqrstuvwxyz23456789'.");

    public static SwarmOpsException GeneratedTooWeak(int length, int alphabet, int bits) => new(
        "GeneratedTooWeak",
        ErrorKind.InvalidArgument,
        $"{length} characters out of {alphabet} can be guessed: they are worth {bits} bits, and {SecretGenerator.FewestBits} are the least.",
        "Give a greater -Length or a larger -Alphabet.");

    public static SwarmOpsException StoredNotFound(StoredKind kind, string name, string swarmId) => new(
        "StoredNotFound",
        ErrorKind.NotFound,
        $"The swarm {swarmId} has no {kind.Noun} '{name}'.",
        $"$nodes | Get-{kind.CmdletNoun} lists them.",
        name);

    public static SwarmOpsException StoredNameTaken(StoredKind kind, string objectName) => new(
        "StoredNameTaken",
        ErrorKind.AlreadyExists,
        $"The swarm has a {kind.Noun} '{objectName}' that is not this one: someone made it in the meantime, or under another name in its labels.",
        $"Look with Get-{kind.CmdletNoun} and run the same command again.",
        objectName);

    public static SwarmOpsException ConfigDiffers(string name, IReadOnlyList<string> differences) => new(
        "ConfigDiffers",
        ErrorKind.AlreadyExists,
        $"The swarm has a config '{name}' that differs: {string.Join("; ", differences)}. A config cannot be changed.",
        $"Give it a new version, and its services with it: $nodes | Update-SwarmConfig -Name {name} -Path <file>.",
        name);

    public static SwarmOpsException StoredInUse(StoredItem item, IReadOnlyList<string> users) => new(
        "StoredInUse",
        ErrorKind.InvalidState,
        $"The {item.Kind.Noun} '{item.ObjectName}' is used by: {string.Join(", ", users)}.",
        $"Remove those services, or take the {item.Kind.Noun} from them, first. Update-{item.Kind.CmdletNoun} gives it a new value while they run.",
        item.ObjectName);

    public static SwarmOpsException StoredRotationFailed(
        StoredItem target, string service, string state, SwarmOpsException cause, IReadOnlyList<string> moved, IReadOnlyList<string> untouched) => new(
        "StoredRotationFailed",
        ErrorKind.InvalidState,
        $"With version {target.Version} of the {target.Kind.Noun} '{target.Name}' the service '{service}' does not come up; {state}. The earlier version stays. "
            + (moved.Count > 0 ? $"{string.Join(", ", moved)} have the new one. " : "") + (untouched.Count > 0 ? $"{string.Join(", ", untouched)} were not touched. " : "") + cause.Message,
        $"Fix the reported problem and run the same command again, or give the earlier value again with Update-{target.Kind.CmdletNoun}: either ends with one version for all.",
        service,
        cause);

    public static SwarmOpsException VaultMissing(string name) => new(
        "VaultMissing",
        ErrorKind.NotInstalled,
        $"The value of the secret '{name}' cannot be handed to SecretManagement: this session has no command Set-Secret.",
        "Install it (Install-PSResource Microsoft.PowerShell.SecretManagement), register a vault, and import the module; or leave -AsVault away.",
        name);

    public static SwarmOpsException VaultRefused(string name, string words) => new(
        "VaultRefused",
        ErrorKind.Permission,
        $"The vault does not take or give the secret '{name}': {words}",
        "Fix the reported problem (is a vault registered and unlocked?) and run the same command again.",
        name);

    public static SwarmOpsException NoNodeGiven(string name) => new(
        "ServiceNodeMissing",
        ErrorKind.InvalidArgument,
        $"'{name}' came without nodes: there is no way to its swarm.",
        "Give the nodes of the swarm with -Node.",
        name);
}
