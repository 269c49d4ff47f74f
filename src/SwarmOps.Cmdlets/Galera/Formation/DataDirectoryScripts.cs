using SwarmOps.Transport;

namespace SwarmOps.Galera.Formation;

/// <summary>The shell scripts that inspect, create and delete data directories.</summary>
internal static class DataDirectoryScripts
{
    /// <summary>The line of a bootstrap marker, also used by the start script, that requests a new state UUID.</summary>
    public const string NewHistory = "history=new";

    /// <summary>How the line of a bootstrap marker begins that tells from which backup the data are.</summary>
    private const string Restored = "restored=";

    /// <summary>Inspects a directory without changing it: lines of name, tab, value. Fails if something cannot be read.</summary>
    public static string Look(string path) =>
        $$"""
            {{DirectoryShell.Resolve(path)}}
            if [ -n "$unmounted" ]; then line unmounted "$unmounted"; exit 0; fi
            line real "$real"
            if [ -L "$path" ] && [ ! -e "$path" ]; then line kind 'it is a dangling symbolic link'
            elif is_absent "$path"; then :
            elif [ ! -d "$path" ]; then line kind 'it is not a directory'
            else
                {{DirectoryShell.Count}}
                line exists yes
                line files "$files"
                line access "$(stat -c '%u:%g %a' .)"
                [ ! -e {{GaleraNames.Moving}} ] || line moving yes
                [ ! -e {{GaleraNames.Marker}} ] || line marker yes
                line restored "$(sed -n 's/^{{Restored}}//p' {{GaleraNames.Marker}} 2>/dev/null)"
                boot=$(sed -n 's/^boot_id=//p' {{GaleraNames.Marker}} 2>/dev/null)
                if [ -n "$boot" ]; then
                    [ "$boot" = "$(cat /proc/sys/kernel/random/boot_id)" ] || line marker_stale yes
                elif [ -s {{GaleraNames.Marker}} ] && [ "$(stat -c %Y {{GaleraNames.Marker}})" -lt "$(awk '/^btime/ { print $2 }' /proc/stat)" ]; then
                    line marker_stale yes
                fi
                line uuid "$(sed -n 's/^uuid: *//p' grastate.dat 2>/dev/null | grep -v '^00000000-')"
            fi
            parent=$real
            while [ ! -e "$parent" ]; do parent=$(dirname -- "$parent"); done
            line free_kb "$(df -Pk -- "$parent" | awk 'NR == 2 { print $4 }')"
            """;

    /// <summary>Creates the directory if it is missing. An existing directory keeps its owner and mode.</summary>
    public static string Make(string path, string owner, string mode) =>
        $$"""
            set -e
            {{DirectoryShell.Resolve(path)}}
            {{DirectoryShell.RequireMounted}}
            {{DirectoryShell.MoveInside}}
            {{DirectoryShell.Make(owner, mode)}}
            """;

    /// <summary>Writes the bootstrap marker atomically; the directory must exist.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="isNewHistory">Whether the node must bootstrap with a new state UUID, because a part of its current history was left behind.</param>
    /// <param name="backup">Checksum of the backup that the data were restored from; null for other data.</param>
    public static string Mark(string path, bool isNewHistory = false, string? backup = null) =>
        $$"""
            set -e
            cd -- {{ShellCommand.Quote(path)}}
            printf '%s\n' {{(isNewHistory ? NewHistory : "history=kept")}}{{(
                backup is null ? "" : $" {Restored}{backup}"
            )}} >{{GaleraNames.Marker}}.new
            sync -- {{GaleraNames.Marker}}.new 2>/dev/null || sync
            mv -- {{GaleraNames.Marker}}.new {{GaleraNames.Marker}}
            """;

    /// <summary>Removes the bootstrap marker.</summary>
    public static string Unmark(string path) => $"rm -f -- {ShellCommand.Quote(path)}/{GaleraNames.Marker}";

    /// <summary>Prints the kind (absent, empty, database, other) and the size in kilobytes.</summary>
    public static string Weigh(string path) =>
        $$"""
            {{DirectoryShell.Resolve(path)}}
            {{DirectoryShell.RequireMounted}}
            kind=other
            if is_absent "$path"; then kind=absent; files=0; else
            {{DirectoryShell.Count}}
            fi
            if [ "$kind" = absent ]; then :
            elif [ "$files" = 0 ] && [ -z "$(find . -maxdepth 1 -name '{{GaleraNames.Aside}}*')" ]; then kind=empty
            elif [ -e "$path/ibdata1" ] || [ -e "$path/grastate.dat" ] || [ -e "$path/{{GaleraNames.State}}" ]; then kind=database
            fi
            printf '%s\t%s\n' "$kind" "$(du -skx "$real" 2>/dev/null | cut -f 1)"
            """;

    /// <summary>Deletes the content except copies that were moved aside, and the directory itself unless it is a mount point, once no container uses it: a stopping container has a grace period of two minutes.</summary>
    public static string Remove(string path) =>
        $$"""
            {{DirectoryShell.Resolve(path)}}
            {{DirectoryShell.RequireMounted}}
            ! is_absent "$path" || exit 0
            nested=$(awk -v top="$real/" 'index($5, top) == 1 { print $5; exit }' /proc/self/mountinfo) || fail "the mounts below $real cannot be determined"
            [ -z "$nested" ] || fail "$nested is a mount point inside $real; nothing was deleted"
            tries=0
            while users=$(docker ps -q --filter volume="$path") || fail "docker ps could not list the containers that use $path"; [ -n "$users" ]; do
                tries=$((tries + 1))
                [ "$tries" -lt 130 ] || { echo "a container still uses $path" >&2; exit 1; }
                sleep 1
            done
            cd -- "$real" || exit 1
            find . -xdev -mindepth 1 ! -path './{{GaleraNames.Aside}}' ! -path './{{GaleraNames.Aside}}/*' ! -path './{{GaleraNames.Aside}}-*' -delete || exit 1
            [ -z "$(find . -maxdepth 1 -name '{{GaleraNames.Aside}}*')" ] || exit 0
            mountpoint -q -- "$real" || rmdir -- "$real"
            """;
}
