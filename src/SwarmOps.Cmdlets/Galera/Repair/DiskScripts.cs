using SwarmOps.Transport;

namespace SwarmOps.Galera.Repair;

/// <summary>The shell scripts that read Galera's files on a host and move a data directory aside.</summary>
internal static class DiskScripts
{
    /// <summary>Reads and changes nothing: lines of name, tab, value; the lines of a file are parted by <c>|</c>.</summary>
    public static string Look(string path) => $$"""
        path={{ShellCommand.Quote(path)}}
        line() { printf '%s\t%s\n' "$1" "$2"; }
        [ -d "$path" ] || exit 0
        line exists yes
        line files "$(find "$path" -mindepth 1 -path "$path/.swarmops-*" -prune -o -type f -print 2>/dev/null | head -n 1000 | wc -l)"
        [ ! -e "$path/{{GaleraNames.Marker}}" ] || line marker yes
        for file in grastate gvwstate; do
            [ ! -s "$path/$file.dat" ] || line "$file" "$(tr '\n' '|' <"$path/$file.dat")"
        done
        """;

    /// <summary>Moves a directory aside, an empty one of the same owner and mode in its place, and writes where the old one is. Nothing is ever deleted.</summary>
    public static string MoveAside(string path) => $$"""
        set -e
        path={{ShellCommand.Quote(path)}}
        aside=$path.aside-$(date -u +%Y%m%dT%H%M%SZ)
        [ ! -e "$aside" ] || { echo "$aside is there already" >&2; exit 1; }
        rm -rf -- "$path.empty"
        mkdir -- "$path.empty"
        chown --reference="$path" -- "$path.empty"
        chmod --reference="$path" -- "$path.empty"
        mv -T -- "$path" "$aside"
        mv -T -- "$path.empty" "$path"
        printf '%s\n' "$aside"
        """;
}
