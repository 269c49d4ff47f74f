using SwarmOps.Services;
using SwarmOps.Transport;

namespace SwarmOps.Galera;

/// <summary>Common parts of the shell scripts for data directories: resolving a path, and detecting what may hide its data.</summary>
internal static class DirectoryShell
{
    /// <summary>As <see cref="HostDirectory.Resolve"/>.</summary>
    public static string Resolve(string path) => HostDirectory.Resolve(path);

    /// <summary>
    /// Counts everything in <c>real</c> except directories and the module's own files. Links, sockets and devices count, too; a read error ends the script, since
    /// unreadable does not mean empty.
    /// </summary>
    public const string Count = """
        cd -- "$real" || exit 1
        race=-ignore_readdir_race
        find /dev/null $race >/dev/null 2>&1 || race=
        # shellcheck disable=SC2086
        files=$({ find . $race -mindepth 1 \( -path './.swarmops-*' -prune \) -o \( ! -type d -print \); echo "exit $?"; } | awk '{ last = $0 } END { if (last != "exit 0") exit 1; print (NR > 1000 ? 1000 : NR - 1) }') || fail "$real cannot be read"
        """;

    /// <summary>As <see cref="HostDirectory.RequireMounted"/>.</summary>
    public const string RequireMounted = HostDirectory.RequireMounted;

    /// <summary>
    /// Moves the content of a mount point into a folder in it, since the mount point itself cannot be renamed. <c>.swarmops-moving</c> names the folder until everything is moved, so
    /// that an interrupted move is completed and never mistaken for a database. The note that the data must be moved aside is moved last, so that it applies until then.
    /// </summary>
    public const string MoveInside = $$"""
        move_inside() {
            cd -- "$real"
            if [ ! -s {{GaleraNames.Moving}} ]; then
                mkdir -p -- {{GaleraNames.Aside}}
                printf '%s\n' "{{GaleraNames.Aside}}/$(date -u +%Y%m%dT%H%M%SZ)" >{{GaleraNames.Moving}}.new
                mv -- {{GaleraNames.Moving}}.new {{GaleraNames.Moving}}
            fi
            aside=$(cat {{GaleraNames.Moving}})
            mkdir -p -- "$aside"
            chown --reference=. -- {{GaleraNames.Aside}} "$aside"
            chmod --reference=. -- {{GaleraNames.Aside}} "$aside"
            find . -mindepth 1 -maxdepth 1 ! -name lost+found ! -name {{GaleraNames.Aside}} ! -name {{GaleraNames.Moving}} ! -name {{GaleraNames.Condemned}} -exec mv -t "$aside" -- {} +
            printf '%s\n' "$real/$aside" >{{GaleraNames.Emptied}}
            rm -f -- {{GaleraNames.Moving}}
            [ ! -e {{GaleraNames.Condemned}} ] || mv -- {{GaleraNames.Condemned}} "$aside/"
            aside=$real/$aside
        }
        """;

    /// <summary>Ensures that <c>real</c> is complete: finishes an interrupted move, uses the directory that was prepared for it, or prepares one under another name and renames it.</summary>
    public static string Make(string owner, string mode) =>
        $$"""
            [ ! -s "$real/{{GaleraNames.Moving}}" ] || move_inside
            if ! is_absent "$path"; then
                [ -d "$real" ] || fail "$real is not a directory"
            else
                # Created by an interrupted run; a directory of this name with other content is not used.
                if [ -e "$real.empty" ] && [ -n "$(find "$real.empty" -mindepth 1 ! -name {{GaleraNames.Emptied}} | head -n 1)" ]; then
                    fail "$real is missing, and $real.empty is not empty"
                fi
                if [ ! -d "$real.empty" ]; then
                    mkdir -p -- "$real.empty"
                    chown {{ShellCommand.Quote(owner)}} -- "$real.empty"
                    chmod {{mode}} -- "$real.empty"
                fi
                mv -T -- "$real.empty" "$real"
            fi
            """;
}
