using System.Globalization;

namespace SwarmOps.Nodes.Installation;

/// <summary>The shell scripts that install and start an engine, as root.</summary>
internal static class InstallationScript
{
    /// <summary>Exit code: the repository's key could not be downloaded.</summary>
    public const int KeyNotFetched = 40;

    /// <summary>Exit code: the repository's key is not the one that Docker publishes.</summary>
    public const int KeyMismatch = 41;

    /// <summary>Fingerprint of the key that signs Docker's apt repositories (docs.docker.com, "Install Docker Engine on Debian").</summary>
    public const string DockerKeyFingerprint = "9DC858229FC7DD38854AE2D88D81803C0EBFCD88";

    /// <summary>Starts the engine now and at every boot, with the host's init system.</summary>
    public const string Start = """
        export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
        if [ -d /run/systemd/system ]; then
            systemctl enable --now docker
        elif [ -x /etc/init.d/docker ]; then
            service docker start
        else
            setsid dockerd </dev/null >/var/log/dockerd.log 2>&1 &
        fi
        """;

    /// <summary>Reports why a started engine does not answer.</summary>
    public const string LastWords = """
        if [ -d /run/systemd/system ]; then journalctl -u docker -n 5 --no-pager -o cat; else tail -n 5 /var/log/docker.log /var/log/dockerd.log 2>/dev/null; fi
        """;

    /// <summary>
    /// The start of every installation. A machine that has just booted often holds apt's locks itself (unattended upgrades): apt waits for
    /// dpkg's lock, but not for that of the lists. An interrupted installation is completed first.
    /// </summary>
    private const string Prelude = """
        set -e
        export DEBIAN_FRONTEND=noninteractive LC_ALL=C
        deadline=$(( $(date +%s) + @SECONDS@ ))
        apt_wait() {
            while ! out=$("$@" 2>&1); do
                case $out in
                    *'Could not get lock'*|*'lock was locked'*|*'is another process using it'*) [ "$(date +%s)" -lt "$deadline" ] || { echo "$out"; exit 1; } ;;
                    *) echo "$out"; exit 1 ;;
                esac
                sleep 2
            done
            echo "$out"
        }
        apt() { apt-get -y -q -o DPkg::Lock::Timeout=@SECONDS@ -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" </dev/null; }
        apt_wait dpkg --configure -a
        apt_wait apt-get -q update
        """;

    /// <summary>Docker's client is a package of its own in newer Debians; nftables is for the NAT rule.</summary>
    private const string FromDistribution = """
        apt install docker.io nftables
        command -v docker >/dev/null 2>&1 || apt install docker-cli
        """;

    private const string FromDockerCE = """
        apt install ca-certificates curl gpg
        install -d -m 0755 /etc/apt/keyrings
        key=$(mktemp)
        curl -fsS --proto '=https' --retry 3 -o "$key" https://download.docker.com/linux/@ID@/gpg || exit @KEYNOTFETCHED@
        gpg --show-keys --with-colons "$key" 2>/dev/null | grep -q '^fpr:*@FINGERPRINT@:' || { rm -f "$key"; exit @KEYMISMATCH@; }
        install -m 0644 "$key" /etc/apt/keyrings/docker.asc
        rm -f "$key"
        echo "deb [arch=$(dpkg --print-architecture) signed-by=/etc/apt/keyrings/docker.asc] https://download.docker.com/linux/@ID@ @RELEASE@ stable" >/etc/apt/sources.list.d/docker.list
        apt_wait apt-get -q update
        apt install docker-ce docker-ce-cli containerd.io nftables
        """;

    /// <summary>Installs an engine.</summary>
    public static string Install(EngineSource source, EngineHost host, TimeSpan timeout) =>
        $"{Prelude}\n{(source == EngineSource.DockerCE ? FromDockerCE : FromDistribution)}\n{Start}"
            .Replace("@SECONDS@", ((int)timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@ID@", host.Id, StringComparison.Ordinal)
            .Replace("@RELEASE@", host.Release, StringComparison.Ordinal)
            .Replace("@FINGERPRINT@", DockerKeyFingerprint, StringComparison.Ordinal)
            .Replace("@KEYNOTFETCHED@", KeyNotFetched.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@KEYMISMATCH@", KeyMismatch.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
