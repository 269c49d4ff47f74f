namespace SwarmOps.Overlay;

/// <summary>The shell scripts that read the state of the NAT rule, install it, and remove it. Each ends by reading the state, so that one round trip both changes and verifies.</summary>
internal static class NatRepairScripts
{
    /// <summary>Steps that <see cref="NatRepairReport.Failures"/> can name.</summary>
    public const string InstallStep = "install",
        FilesStep = "files",
        UnitStep = "unit",
        RuleStep = "rule",
        StartStep = "start";

    /// <summary>Starts the line that names a section of the output.</summary>
    public const string SectionMark = "::";

    private const string Preamble = """
        PATH=$PATH:/usr/sbin:/sbin
        export PATH LC_ALL=C
        section() { printf '\n::%s\n' "$1"; }
        step() { step=$1; shift; message=$("$@" 2>&1) || { section "failed $step"; printf '%s\n' "$message"; return 1; }; }

        """;

    private const string Look = $"""
        section host; uname -n
        section addresses; ip -o addr show
        section nft; [ ! -x {NatRepairFiles.NftPath} ] || echo yes
        section table; nft -s list table {NatRepairFiles.Table} 2>/dev/null
        section rule-file; cat {NatRepairFiles.RulePath} 2>/dev/null
        section unit-file; cat {NatRepairFiles.UnitPath} 2>/dev/null
        section enabled; systemctl is-enabled {NatRepairFiles.UnitName} 2>/dev/null
        section end

        """;

    private const string Install = $$"""
        install_nft() {
            [ ! -x {{NatRepairFiles.NftPath}} ] || return 0
            command -v apt-get >/dev/null 2>&1 || { echo 'there is no apt-get to install it with'; return 1; }
            export DEBIAN_FRONTEND=noninteractive
            apt-get -q install -y --no-install-recommends nftables || { apt-get -q update && apt-get -q install -y --no-install-recommends nftables; } || return 1
            [ -x {{NatRepairFiles.NftPath}} ]
        }

        """;

    private const string Act = $$"""
        put() { cat > "$1.new" && chmod 0644 "$1.new" && mv -f "$1.new" "$1"; }
        runs_systemd() { [ -d /run/systemd/system ]; }
        # Enabling makes systemd read its units again.
        enable_unit() { systemctl enable {{NatRepairFiles.UnitName}}; }
        start_unit() {
            ! runs_systemd || systemctl start {{NatRepairFiles.UnitName}} && return 0
            for try in 1 2 3 4 5 6 7 8; do
                sleep 1
                ! systemctl --quiet is-active {{NatRepairFiles.UnitName}} || return 0
            done
            return 1
        }
        if step install install_nft; then
            step files put_files
            step unit enable_unit
            step rule {{NatRepairFiles.NftPath}} -f {{NatRepairFiles.RulePath}} && step start start_unit
        fi

        """;

    private const string Undo = $$"""
        drop_unit() {
            [ -e {{NatRepairFiles.UnitPath}} ] || return 0
            systemctl disable {{NatRepairFiles.UnitName}} || return 1
            [ ! -d /run/systemd/system ] || systemctl stop {{NatRepairFiles.UnitName}}
        }
        drop_rule() {
            nft list table {{NatRepairFiles.Table}} >/dev/null 2>&1 || return 0
            nft delete table {{NatRepairFiles.Table}}
        }
        drop_files() {
            rm -f {{NatRepairFiles.UnitPath}} {{NatRepairFiles.RulePath}} || return 1
            rmdir {{NatRepairFiles.Folder}} 2>/dev/null
            [ ! -d /run/systemd/system ] || systemctl daemon-reload
        }
        step unit drop_unit
        step rule drop_rule
        step files drop_files

        """;

    /// <summary>Reads the state without changes.</summary>
    public static string Observe() => Preamble + Look;

    /// <summary>Installs the rule in the kernel and on disk, and reads the state.</summary>
    /// <param name="dataPathPort">The swarm's data path port.</param>
    public static string Apply(int dataPathPort) =>
        $$"""
            {{Preamble}}umask 022
            {{Install}}put_files() {
                mkdir -p {{NatRepairFiles.Folder}} || return 1
                put {{NatRepairFiles.RulePath}} <<'END_OF_RULE' || return 1
            {{NatRepairFiles.Rule(dataPathPort)}}END_OF_RULE
                put {{NatRepairFiles.UnitPath}} <<'END_OF_UNIT'
            {{NatRepairFiles.Unit()}}END_OF_UNIT
            }
            {{Act}}{{Look}}
            """;

    /// <summary>Removes the rule from the kernel and from disk, and reads the state.</summary>
    public static string Remove() => Preamble + Undo + Look;
}
