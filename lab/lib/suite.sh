# shellcheck shell=bash
# Packages of later Debian releases, from the mirror that this machine's apt uses. The machine's own apt knows nothing of them.

# Oldest first: the programs of each run on Debian 12's libc, or bring their own.
readonly LATER_SUITES=(trixie forky)
readonly DEBIAN_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# Options that make apt work with the later releases alone, in SUITE_OPTIONS.
find_suite_options() {
    local folder
    folder=$(base_directory)/suites
    SUITE_OPTIONS=(
        -o "Dir::State=$folder" -o "Dir::State::status=$folder/status" -o "Dir::Cache=$folder/cache"
        -o "Dir::Etc::sourcelist=$folder/sources.list" -o Dir::Etc::sourceparts=/dev/null
        -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null
        -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false
        -o APT::Update::Error-Mode=any -o APT::Sandbox::User=root -o APT::Install-Recommends=false
    )
}

# The mirror of Debian 12 itself, not the one of its security updates.
debian_mirror() {
    local targets
    # shellcheck disable=SC2016
    targets=$(apt-get indextargets --format '$(CODENAME) $(LABEL) $(REPO_URI)' 'Created-By: Packages')
    awk '$1 == "bookworm" && $2 == "Debian" { print $3; exit }' <<<"$targets"
}

# Reads the lists of the later releases, unless that was done less than 12 hours ago, and sets SUITE_OPTIONS.
update_suites() {
    local folder mirror suite lock
    folder=$(base_directory)/suites
    find_suite_options
    exec {lock}>"$RUN_ROOT/.suites.lock"
    flock "$lock"
    if [[ -z $(find "$folder/updated" -mmin -720 2>/dev/null) ]]; then
        mirror=$(debian_mirror)
        if [[ -z $mirror ]]; then
            # A new machine knows no packages yet.
            apt_get update
            mirror=$(debian_mirror)
        fi
        [[ -n $mirror ]] || die "the apt sources of this machine name no mirror of Debian 12 (bookworm) to take ${LATER_SUITES[*]} from"
        install -d "$folder/lists/partial" "$folder/cache/archives/partial"
        : >"$folder/status"
        for suite in "${LATER_SUITES[@]}"; do
            printf 'deb [signed-by=%s] %s %s main\n' "$DEBIAN_KEYRING" "$mirror" "$suite" >"$folder/$suite.list"
        done
        cat "$folder"/*.list >"$folder/sources.new"
        mv "$folder/sources.new" "$folder/sources.list"
        apt_get "${SUITE_OPTIONS[@]}" update
        touch "$folder/updated"
    fi
    exec {lock}>&-
}

# Prints 'VERSION SUITE' of a package in each later release that has it.
versions_in_suites() {
    apt-cache "${SUITE_OPTIONS[@]}" madison "$1" |
        awk -F ' *[|] *' '{ gsub(/ /, "", $2); split($3, source, /[ \/]+/); for (i in source) if (source[i] == "main") print $2, source[i - 1] }' | sort -V
}
