using SwarmOps.Transport;

namespace SwarmOps.Galera.Repair;

/// <summary>The shell scripts that read Galera's files on a host and move a data directory aside.</summary>
internal static class DiskScripts
{
    /// <summary>Reads a directory without changing it: lines of name, tab, value; the lines of a file are separated by <c>|</c>. Fails if something cannot be read.</summary>
    public static string Look(string path) =>
        $$"""
            {{DirectoryShell.Resolve(path)}}
            {{DirectoryShell.RequireMounted}}
            line real "$real"
            line copies "$(find "$real".aside-* "$real/{{GaleraNames.Aside}}"/* -maxdepth 0 2>/dev/null | tr '\n' '|')"
            ! is_absent "$path" || exit 0
            [ -d "$path" ] || fail "$path is not a directory"
            {{DirectoryShell.Count}}
            line exists yes
            line files "$files"
            line identity "$(stat -c '%d:%i' .)"
            line free_kb "$(df -Pk . | awk 'NR == 2 { print $4 }')"
            ! mountpoint -q -- "$real" || line mount yes
            line nested "$(awk -v top="$real/" 'index($5, top) == 1 { print $5; exit }' /proc/self/mountinfo)"
            [ ! -e {{GaleraNames.Moving}} ] || line moving yes
            [ ! -e {{GaleraNames.Condemned}} ] || line condemned yes
            line emptied "$(cat {{GaleraNames.Emptied}} 2>/dev/null)"
            [ ! -e {{GaleraNames.Marker}} ] || line marker yes
            for file in grastate gvwstate; do
                [ ! -s "$file.dat" ] || line "$file" "$(tr '\n' '|' <"$file.dat")"
            done
            """;

    /// <summary>Marks the directory: its data must be moved aside before its node runs again.</summary>
    public static string Condemn(string path) =>
        $$"""
            set -e
            {{DirectoryShell.Resolve(path)}}
            {{DirectoryShell.RequireMounted}}
            is_absent "$path" || : >"$real/{{GaleraNames.Condemned}}"
            """;

    /// <summary>Removes that mark.</summary>
    public static string Absolve(string path) => $"rm -f -- {ShellCommand.Quote(path)}/{GaleraNames.Condemned}";

    /// <summary>
    /// Moves data aside, creates an empty directory with the same owner and mode in its place, and prints the new path of the data. In a mount point, the data moves into a folder of it. Nothing is
    /// deleted.
    /// </summary>
    public static string MoveAside(string path) =>
        $$"""
            set -e
            {{DirectoryShell.Resolve(path)}}
            {{DirectoryShell.RequireMounted}}
            {{DirectoryShell.MoveInside}}
            if mountpoint -q -- "$real"; then
                move_inside
            else
                aside=$real.aside-$(date -u +%Y%m%dT%H%M%SZ)
                [ ! -e "$aside" ] || fail "$aside already exists"
                if [ -d "$real.empty" ]; then
                    rm -f -- "$real.empty/{{GaleraNames.Emptied}}"
                    rmdir -- "$real.empty"
                fi
                mkdir -- "$real.empty"
                chown --reference="$real" -- "$real.empty"
                chmod --reference="$real" -- "$real.empty"
                ! command -v chcon >/dev/null 2>&1 || chcon --reference="$real" -- "$real.empty" 2>/dev/null || :
                printf '%s\n' "$aside" >"$real.empty/{{GaleraNames.Emptied}}"
                mv -T -- "$real" "$aside"
                mv -T -- "$real.empty" "$real"
            fi
            printf '%s\n' "$aside"
            """;
}
