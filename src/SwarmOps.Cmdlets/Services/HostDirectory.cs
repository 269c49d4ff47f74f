using SwarmOps.Transport;

namespace SwarmOps.Services;

/// <summary>Common parts of the shell scripts for directories of a host: resolving a path, and detecting what may hide its data.</summary>
internal static class HostDirectory
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

    /// <summary>Ends a script before it changes anything if a mount is missing.</summary>
    public const string RequireMounted = """
        [ -z "$unmounted" ] || fail "not mounted: $unmounted"
        """;
}
