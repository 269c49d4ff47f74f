using SwarmOps.Transport;

namespace SwarmOps.Galera.Formation;

/// <summary>The shell scripts that look at data directories and make them.</summary>
internal static class DataDirectoryScripts
{
    /// <summary>Looks and changes nothing: lines of name, tab, value.</summary>
    public static string Look(string path) => $$"""
        path={{ShellCommand.Quote(path)}}
        line() { printf '%s\t%s\n' "$1" "$2"; }
        if [ -L "$path" ] && [ ! -e "$path" ]; then line kind 'it is a link to nothing'
        elif [ -e "$path" ] && [ ! -d "$path" ]; then line kind 'it is no directory'
        elif [ -d "$path" ]; then
            line exists yes
            line files "$(find "$path" -mindepth 1 -path "$path/.swarmops-*" -prune -o -type f -print 2>/dev/null | head -n 1000 | wc -l)"
            [ ! -e "$path/{{GaleraNames.Marker}}" ] || line marker yes
            line uuid "$(sed -n 's/^uuid: *//p' "$path/grastate.dat" 2>/dev/null | grep -v '^00000000-')"
        fi
        parent=$path
        while [ ! -e "$parent" ]; do parent=$(dirname "$parent"); done
        line free_kb "$(df -Pk "$parent" | awk 'NR == 2 { print $4 }')"
        """;

    /// <summary>Makes what is missing.</summary>
    public static string Make(string path, string owner, string mode) =>
        $"path={ShellCommand.Quote(path)}; [ -d \"$path\" ] || {{ mkdir -p -- \"$path\" && chown {ShellCommand.Quote(owner)} -- \"$path\" && chmod {mode} -- \"$path\"; }}";

    /// <summary>Puts the marker, once; the directory must be there.</summary>
    public static string Mark(string path) => $"path={ShellCommand.Quote(path)}; [ -e \"$path/{GaleraNames.Marker}\" ] || {{ set -C; : > \"$path/{GaleraNames.Marker}\"; }}";

    /// <summary>Takes the marker away.</summary>
    public static string Unmark(string path) => $"rm -f -- {ShellCommand.Quote(path)}/{GaleraNames.Marker}";

    /// <summary>Says what it is (absent, empty, database, other) and how many kilobytes it has.</summary>
    public static string Weigh(string path) => $$"""
        path={{ShellCommand.Quote(path)}}
        kind=other
        if [ ! -d "$path" ]; then kind=absent
        elif [ -z "$(find "$path" -mindepth 1 ! -name '.swarmops-*' | head -n 1)" ]; then kind=empty
        elif [ -e "$path/ibdata1" ] || [ -e "$path/grastate.dat" ] || [ -e "$path/{{GaleraNames.State}}" ]; then kind=database
        fi
        printf '%s\t%s\n' "$kind" "$(du -skx "$path" 2>/dev/null | cut -f 1)"
        """;

    /// <summary>Deletes what is in it, and itself unless it is a mount, once no container uses it any more: one that ends has its grace of two minutes.</summary>
    public static string Remove(string path) => $$"""
        path={{ShellCommand.Quote(path)}}
        [ -d "$path" ] || exit 0
        tries=0
        while [ -n "$(docker ps -q --filter volume="$path")" ]; do
            tries=$((tries + 1))
            [ "$tries" -lt 130 ] || { echo "a container still uses $path" >&2; exit 1; }
            sleep 1
        done
        find "$path" -mindepth 1 -delete || exit 1
        mountpoint -q "$path" || rmdir -- "$path"
        """;
}
