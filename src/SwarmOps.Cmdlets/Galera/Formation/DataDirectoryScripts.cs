using SwarmOps.Transport;

namespace SwarmOps.Galera.Formation;

/// <summary>The shell scripts that look at data directories and make them.</summary>
internal static class DataDirectoryScripts
{
    /// <summary>The line of a marker, and the word in the start script, for a history that has to be a new one.</summary>
    public const string NewHistory = "history=new";

    /// <summary>Looks and changes nothing: lines of name, tab, value. Ends with an error where it cannot see.</summary>
    public static string Look(string path) => $$"""
        {{DirectoryShell.Resolve(path)}}
        if [ -n "$unmounted" ]; then line unmounted "$unmounted"; exit 0; fi
        line real "$real"
        if [ -L "$path" ] && [ ! -e "$path" ]; then line kind 'it is a link to nothing'
        elif is_absent "$path"; then :
        elif [ ! -d "$path" ]; then line kind 'it is no directory'
        else
            {{DirectoryShell.Count}}
            line exists yes
            line files "$files"
            line access "$(stat -c '%u:%g %a' .)"
            [ ! -e {{GaleraNames.Moving}} ] || line moving yes
            [ ! -e {{GaleraNames.Marker}} ] || line marker yes
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

    /// <summary>Makes what is missing. A directory that is there keeps its owner and mode.</summary>
    public static string Make(string path, string owner, string mode) => $$"""
        set -e
        {{DirectoryShell.Resolve(path)}}
        {{DirectoryShell.RequireMounted}}
        {{DirectoryShell.MoveInside}}
        {{DirectoryShell.Make(owner, mode)}}
        """;

    /// <summary>Puts the marker, whole or not at all; the directory must be there.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="isNewHistory">Whether what begins there is another history than it holds, because something of that was left behind.</param>
    public static string Mark(string path, bool isNewHistory = false) => $$"""
        set -e
        cd -- {{ShellCommand.Quote(path)}}
        printf '%s\n' {{(isNewHistory ? NewHistory : "history=kept")}} >{{GaleraNames.Marker}}.new
        sync -- {{GaleraNames.Marker}}.new 2>/dev/null || sync
        mv -- {{GaleraNames.Marker}}.new {{GaleraNames.Marker}}
        """;

    /// <summary>Takes the marker away.</summary>
    public static string Unmark(string path) => $"rm -f -- {ShellCommand.Quote(path)}/{GaleraNames.Marker}";

    /// <summary>Says what it is (absent, empty, database, other) and how many kilobytes it has.</summary>
    public static string Weigh(string path) => $$"""
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

    /// <summary>Deletes what is in it, copies that were moved aside apart, and itself unless it is a mount, once no container uses it any more: one that ends has its grace of two minutes.</summary>
    public static string Remove(string path) => $$"""
        {{DirectoryShell.Resolve(path)}}
        {{DirectoryShell.RequireMounted}}
        ! is_absent "$path" || exit 0
        nested=$(awk -v top="$real/" 'index($5, top) == 1 { print $5; exit }' /proc/self/mountinfo) || fail "the mounts in $real are not known"
        [ -z "$nested" ] || fail "there is a mount point in $real, $nested: nothing was deleted"
        tries=0
        while users=$(docker ps -q --filter volume="$path") || fail "docker does not say which containers use $path"; [ -n "$users" ]; do
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
