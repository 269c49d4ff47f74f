using System.Text.RegularExpressions;

namespace SwarmOps.Services.Specification;

/// <summary>Owner and mode of the directories that are created.</summary>
/// <param name="Owner">Owner, as <c>chown</c> takes it.</param>
/// <param name="Mode">Mode, as <c>chmod</c> takes it.</param>
internal sealed partial record MountPathOptions(string Owner, string Mode)
{
    /// <summary>Validates both and creates the options.</summary>
    /// <exception cref="SwarmOpsException"><c>MountOwnerInvalid</c>, <c>MountModeInvalid</c>.</exception>
    public static MountPathOptions Create(string owner, string mode)
    {
        if (!OwnerPattern().IsMatch(owner))
            throw ServiceErrors.MountOwnerInvalid(owner);
        return OctalMode.Parse(mode) is null ? throw ServiceErrors.MountModeInvalid(mode) : new MountPathOptions(owner, mode);
    }

    [GeneratedRegex("^[a-z0-9_][a-z0-9_-]*(:[a-z0-9_][a-z0-9_-]*)?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex OwnerPattern();
}
