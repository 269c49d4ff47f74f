using SwarmOps.Transport;

namespace SwarmOps.Galera;

/// <summary>Common parts of the shell scripts for data directories: resolving a path, and detecting what may hide its data.</summary>
internal static class DirectoryShell
{
    /// <summary>
    /// Sets <c>path</c>, and <c>real</c> with all links resolved, since the engine mounts a link's target. <c>unmounted</c> reports a mount point at, above or
    /// below either that is listed in fstab or a systemd unit and is not mounted: the content of that file system is unknown.
    /// </summary>
    public static string Resolve(string path) =>
        $$"""
            path={{ShellCommand.Quote(path)}}
            line() { printf '%s\t%s\n' "$1" "$2"; }
            fail() { echo "$1" >&2; exit 1; }
            real=$(readlink -m -- "$path" 2>/dev/null || readlink -f -- "$path") && [ -n "$real" ] || fail "the path $path cannot be resolved"
            tab=$(printf '\t')
            # Ends the script if this is unknown: an input/output error, a stale file handle or a dangling link does not mean absent.
            is_absent() {
                at=$1
                while ! said=$(LC_ALL=C stat -L -- "$at" 2>&1 >/dev/null); do
                    case $said in *'No such file or directory'*) ;; *) fail "$1 cannot be read: $said" ;; esac
                    [ ! -L "$at" ] || fail "$1 cannot be read: $at is a dangling symbolic link"
                    at=$(dirname -- "$at")
                done
                [ "$at" != "$1" ]
            }
            # Fails if systemd is running but cannot list its units.
            wanted() {
                [ ! -r /etc/fstab ] || awk '!/^[ \t]*#/ && NF > 2 && $2 ~ "^/" { print $2 "\t/etc/fstab" }' /etc/fstab
                [ -d /run/systemd/system ] && command -v systemctl >/dev/null 2>&1 || return 0
                units=$(timeout 20 systemctl list-unit-files --type=mount --no-legend --no-pager 2>/dev/null) || return 1
                units=$(printf '%s\n' "$units" | awk '$1 !~ /@\./ { print $1 }')
                [ -n "$units" ] || return 0
                # shellcheck disable=SC2086
                units=$(timeout 20 systemctl show -p Id -p Where --no-pager -- $units 2>/dev/null) || return 1
                printf '%s\n' "$units" | awk '/^Id=/ { id = substr($0, 4) } /^Where=/ { where = substr($0, 7) } /^$/ { if (where != "") print where "\t" id; where = id = "" } END { if (where != "") print where "\t" id }'
            }
            touches() { case "$1/" in "$2"/*) return 0 ;; esac; case "$2/" in "$1"/*) return 0 ;; esac; return 1; }
            mounts=$(wanted) || fail 'systemd cannot be asked which mounts there should be'
            unmounted=$(printf '%s\n' "$mounts" | while IFS=$tab read -r where source; do
                # The kernel's own file systems hold no data, and resolving each name starts a program.
                case $where in
                    /proc/* | /sys/* | /dev/* | /run/*) case $real in /proc/* | /sys/* | /dev/* | /run/*) ;; *) continue ;; esac ;;
                    *\\*) where=$(printf '%b' "$where") ;;
                esac
                where=${where%/}
                [ -n "$where" ] || continue
                resolved=$(readlink -m -- "$where" 2>/dev/null || printf '%s' "$where")
                touches "$path" "$where" || touches "$real" "$where" || touches "$real" "$resolved" || continue
                mountpoint -q -- "$where" || printf '%s, listed in %s\n' "$where" "$source"
            done | head -n 1)
            """;

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

    /// <summary>Ends a script before it changes anything if a mount is missing.</summary>
    public const string RequireMounted = """
        [ -z "$unmounted" ] || fail "not mounted: $unmounted"
        """;

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
