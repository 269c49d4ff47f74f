using System.Globalization;
using System.Text.RegularExpressions;

namespace SwarmOps.Folders;

/// <summary>The user and the group that own the files of a folder, by number: the container has no names for the host's users.</summary>
/// <param name="User">User id.</param>
/// <param name="Group">Group id.</param>
internal sealed partial record FolderOwner(uint User, uint Group)
{
    /// <summary>The user of Syncthing's image (its variables PUID and PGID).</summary>
    public static readonly FolderOwner OfImage = new(1000, 1000);

    /// <summary>Parses <c>uid:gid</c>, or <c>uid</c> for the group of the same number; null if it is neither.</summary>
    public static FolderOwner? Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success || !TryParse(match.Groups[1].Value, out var user))
            return null;
        if (!match.Groups[2].Success)
            return new FolderOwner(user, user);
        return TryParse(match.Groups[2].Value, out var group) ? new FolderOwner(user, group) : null;
    }

    /// <summary>As <c>chown</c> takes it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{User}:{Group}");

    private static bool TryParse(string text, out uint id) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id < uint.MaxValue;

    [GeneratedRegex("^([0-9]+)(?::([0-9]+))?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
