using System.Globalization;
using SwarmOps.Services;
using SwarmOps.Transport;

namespace SwarmOps.Folders.Formation;

/// <summary>The shell scripts that inspect and prepare a folder's directories on a host. They run as root.</summary>
internal static class HostFolderScripts
{
    /// <summary>Finds the regular files of the folder, without those of Syncthing and of the module.</summary>
    private const string Files = """
        files() { find . \( -name .stfolder -o -name '.syncthing.*.tmp' -o -name '.swarmops-*' \) -prune -o -type f "$@"; }
        """;

    /// <summary>Inspects a directory without changing it: lines of name, tab, value. Fails if something cannot be read.</summary>
    /// <param name="folder">Name of the folder.</param>
    /// <param name="path">The directory.</param>
    /// <param name="isContentWanted">Whether files are counted and searched; a copy that is kept up to date needs none of that.</param>
    public static string Look(string folder, string path, bool isContentWanted) =>
        $$"""
            {{HostDirectory.Resolve(path)}}
            if [ -n "$unmounted" ]; then line unmounted "$unmounted"; exit 0; fi
            line real "$real"
            ! ls -d {{FolderNames.StatePath(folder)}}/index-* >/dev/null 2>&1 || line index yes
            if [ -L "$path" ] && [ ! -e "$path" ]; then line kind 'it is a dangling symbolic link'
            elif is_absent "$path"; then :
            elif [ ! -d "$path" ]; then line kind 'it is not a directory'
            else
                cd -- "$real" || exit 1
                line exists yes
                line owner "$(stat -c '%u:%g' .)"
                [ ! -d {{FolderNames.Marker}} ] || line marker yes
                {{(isContentWanted ? Content : ":")}}
            fi
            parent=$real
            while [ ! -e "$parent" ]; do parent=$(dirname -- "$parent"); done
            df -Pk -- "$parent" | awk 'NR == 2 { print "total_kb\t" $2 "\nfree_kb\t" $4 "\nmount\t" $6 }'
            mount=$(df -Pk -- "$parent" | awk 'NR == 2 { print $6 }')
            options=$(awk -v at="$mount" '$2 == at { options = $4 } END { print options }' /proc/mounts)
            case ,$options, in *,ro,*) line read_only yes ;; esac
            """;

    /// <summary>Hashes names and contents of all files.</summary>
    public static string Hash(string path) =>
        $$"""
            {{HostDirectory.Resolve(path)}}
            {{HostDirectory.RequireMounted}}
            cd -- "$real" || exit 1
            {{Files}}
            files -exec sha256sum {} + | LC_ALL=C sort -k 2 | sha256sum | cut -d ' ' -f 1
            """;

    /// <summary>Lists names and sizes of files, sorted by name: size, tab, name.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="most">How many at most.</param>
    public static string List(string path, int most) =>
        $$"""
            {{HostDirectory.Resolve(path)}}
            {{HostDirectory.RequireMounted}}
            cd -- "$real" || exit 1
            {{Files}}
            files -exec stat -c '%s{{"\t"}}%n' {} + | LC_ALL=C sort -t "$tab" -k 2 | head -n {{most.ToString(CultureInfo.InvariantCulture)}}
            """;

    /// <summary>Moves the content out of the way, into a directory beside it, and prints that directory. The directory itself stays, because containers may have mounted it.</summary>
    public static string SetAside(string path) =>
        $$"""
            set -e
            {{HostDirectory.Resolve(path)}}
            {{HostDirectory.RequireMounted}}
            cd -- "$real"
            [ "$(stat -c %d .)" = "$(stat -c %d ..)" ] || fail "$real is a mount point, and its files cannot be moved beside it"
            aside=$real.swarmops-aside-$(date -u +%Y%m%dT%H%M%SZ)
            mkdir -- "$aside"
            chown --reference=. -- "$aside" 2>/dev/null || chown "$(stat -c '%u:%g' .)" -- "$aside"
            chmod "$(stat -c %a .)" -- "$aside"
            find . -mindepth 1 -maxdepth 1 -exec mv -- {} "$aside/" \;
            printf '%s\n' "$aside"
            """;

    /// <summary>Creates what is missing: the folder's directory, the marker that it is the right one, and the directory for Syncthing's own files, with an index that is empty.</summary>
    public static string Prepare(string folder, string path, FolderOwner owner) =>
        $$"""
            set -e
            {{HostDirectory.Resolve(path)}}
            {{HostDirectory.RequireMounted}}
            owner={{ShellCommand.Quote(owner.ToString())}}
            if [ ! -d "$real" ]; then
                mkdir -p -- "$real"
                chown "$owner" -- "$real"
            fi
            state={{FolderNames.StatePath(folder)}}
            mkdir -p -- "$state"
            rm -rf -- "$state"/index-*
            chmod 0755 /var/lib/swarmops /var/lib/swarmops/folders
            chmod 0700 -- "$state"
            chown -R "$owner" -- "$state"
            mkdir -p -- "$real/{{FolderNames.Marker}}"
            chown "$owner" -- "$real/{{FolderNames.Marker}}"
            """;

    /// <summary>Removes Syncthing's own files once no container uses them. The folder's files stay.</summary>
    public static string CleanUp(string folder, string path) =>
        $$"""
            set -e
            {{HostDirectory.Resolve(path)}}
            state={{FolderNames.StatePath(folder)}}
            tries=0
            while users=$(docker ps -q --filter volume="$state") || fail "docker ps could not list the containers that use $state"; [ -n "$users" ]; do
                tries=$((tries + 1))
                [ "$tries" -lt 60 ] || fail "a container still uses $state"
                sleep 1
            done
            rm -rf -- "$state"
            [ -z "$unmounted" ] || fail "not mounted: $unmounted; Syncthing's marker in it was not removed"
            ! is_absent "$path" || exit 0
            cd -- "$real"
            rm -rf -- {{FolderNames.Marker}}
            find . \( -name '.syncthing.*.tmp' -o -name '{{FolderNames.Canary}}*' \) -type f -exec rm -f -- {} +
            """;

    /// <summary>Files that a database changes in place (InnoDB, Aria, PostgreSQL, MongoDB, Redis), and SQLite's, which is known by its first bytes.</summary>
    private const string Content = $$"""
        {{Files}}
        files -print >/dev/null || fail "$real cannot be read"
        files -exec stat -c '%s' {} + | awk '{ count++; sum += $1 } END { printf "files\t%.0f\nbytes\t%.0f\n", count, sum }'
        line listing "$(files -exec stat -c '%s %n' {} + | LC_ALL=C sort | sha256sum | cut -d ' ' -f 1)"
        files -exec stat -c '%u' {} + | sort | uniq -c | sort -rn | awk '{ print "user\t" $2 "\t" $1 }'
        files \( -name 'ibdata*' -o -name '*.ibd' -o -name 'ib_logfile*' -o -name aria_log_control -o -name grastate.dat -o -name PG_VERSION -o -name 'WiredTiger*' -o -name 'appendonly*.aof' \) -print | head -n 3 |
            while IFS= read -r name; do line database "${name#./}"; done
        files \( -name '*.db' -o -name '*.db3' -o -name '*.sqlite' -o -name '*.sqlite3' -o -name '*.sqlitedb' -o -name '*.ht.sqlite' \) -print | head -n 1000 |
            while IFS= read -r name; do
                [ "$(head -c 15 -- "$name" | tr -d '\0')" != 'SQLite format 3' ] || line database "${name#./}"
            done | head -n 3
        """;
}
