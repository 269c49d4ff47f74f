# shellcheck shell=bash
# The engines of the hosts: Debian 12's own and those of later Debian releases, each in a folder that every host sees.

# What a host without --engine runs: the nearest to what Docker's own repository gives people.
readonly DEFAULT_ENGINE=28.5

# Debian 12's own; it is installed in the root of every host that has an engine.
readonly BASE_ENGINE=20.10

# What a lab is known to run; others come if a release has them.
readonly KNOWN_ENGINES=("$BASE_ENGINE" 26.1 "$DEFAULT_ENGINE")

# Raise it when the way their folders are made changes.
readonly ENGINES_REVISION=2

# In the hosts; an engine that is a file of this machine is not among them.
readonly ENGINES_IN_HOST=/opt/engines OWN_ENGINE_IN_HOST=/opt/own-engine

readonly ENGINE_PROGRAMS=(dockerd docker docker-proxy containerd containerd-shim-runc-v2 ctr runc)

engines_directory() { printf '%s/engines-%s' "$(base_directory)" "$ENGINES_REVISION"; }
is_engine_version() { [[ $1 =~ ^[0-9]+\.[0-9]+$ ]]; }

# Dies unless the value of an --engine is a version or a program.
check_engine() {
    is_engine_version "$2" || [[ $2 == */* && -f $2 && -x $2 ]] ||
        usage_error "$1: --engine takes a version (${KNOWN_ENGINES[*]}) or the path of a dockerd, not '$2'"
}

# The engine as settings keep it: the version, or the whole path.
engine_name() { if is_engine_version "$1"; then printf %s "$1"; else realpath "$1"; fi; }

# Makes the folder of an engine, unless it is there. The engine stays what it is until the base is made anew.
ensure_engine() {
    local engine=$1 folder lock
    is_engine_version "$engine" || return 0
    folder=$(engines_directory)/$engine
    [[ ! -e $folder ]] || return 0
    exec {lock}>"$RUN_ROOT/.engine.lock"
    flock "$lock"
    if [[ ! -e $folder ]]; then
        rm -rf "$folder.new"
        if [[ $engine == "$BASE_ENGINE" ]]; then lay_out_base_engine "$folder.new"; else fetch_engine "$engine" "$folder.new"; fi
        lay_out_root "$folder.new" "$ENGINES_IN_HOST/$engine"
        mv "$folder.new" "$folder"
    fi
    exec {lock}>&-
}

# Hard links: the programs lie in the base already.
lay_out_base_engine() {
    local root
    root=$(base_directory)/engine
    install -d -m 0755 "$1"
    take_programs "$root" "$1" cp -al
}

# take_programs ROOT FOLDER COMMAND...: brings programs and units out of a Debian root by the command, such as mv.
take_programs() {
    local root=$1 folder=$2 program
    shift 2
    for program in "${ENGINE_PROGRAMS[@]}"; do
        if [[ -f $root/usr/sbin/$program ]]; then "$@" "$root/usr/sbin/$program" "$folder/"; else "$@" "$root/usr/bin/$program" "$folder/"; fi
    done
    "$@" "$root"/usr/lib/systemd/system/{docker,containerd}.service "$folder/"
}

# What a host gets in its root: links to the programs, and the units. They stand where Debian's package puts them, so that
# nothing in the host can tell where the engine came from.
lay_out_root() {
    local folder=$1 home=$2 program
    for program in "${ENGINE_PROGRAMS[@]}"; do link_program "$folder/root" "$program" "$home/$program"; done
    install -d -m 0755 "$folder/root/usr/lib/systemd/system"
    mv "$folder"/{docker,containerd}.service "$folder/root/usr/lib/systemd/system/"
}

link_program() {
    local folder=$1/usr/bin
    [[ ! $2 =~ ^(dockerd|docker-proxy|runc)$ ]] || folder=$1/usr/sbin
    install -d -m 0755 "$folder"
    ln -sfn "$3" "$folder/$2"
}

# Prints the release that has an engine now.
suite_of_engine() {
    local version suite served='' found=''
    while read -r version suite; do
        served+=", ${version%%+*} ($suite)"
        [[ $version != "$1".* ]] || found=$suite
    done < <(versions_in_suites docker.io)
    [[ -n $found ]] || die "no Debian release on this machine's mirror has Docker engine $1 now; there are $BASE_ENGINE (bookworm)$served: choose one with --engine"
    printf %s "$found"
}

# fetch_engine VERSION FOLDER: from the release that has it now.
fetch_engine() {
    local engine=$1 folder=$2 suite package
    note "lab: fetching Docker engine $engine (once; under a minute)"
    update_suites
    suite=$(suite_of_engine "$engine")
    install -d -m 0755 "$folder/lib" "$folder/packages" "$folder/root"
    (cd "$folder/packages" && apt_get "${SUITE_OPTIONS[@]}" download {docker.io,docker-cli,containerd,runc,libc6,libseccomp2}"/$suite")
    for package in "$folder/packages"/*.deb; do dpkg-deb -x "$package" "$folder/root"; done
    take_programs "$folder/root" "$folder" mv
    give_own_libc "$folder" "$ENGINES_IN_HOST/$engine/lib"
    rm -rf "$folder/packages" "$folder/root"
}

# runc alone asks for a libc that Debian 12 does not have: it gets its own, beside it, with its loader.
give_own_libc() {
    local folder=$1 home=$2 libraries=$1/root/usr/lib/x86_64-linux-gnu
    cp "$libraries"/{ld-linux-x86-64.so.2,libc.so.6,libseccomp.so.2} "$folder/lib/"
    patchelf --set-interpreter "$home/ld-linux-x86-64.so.2" --set-rpath "$home" "$folder/runc"
}

# furnish_engine ROOT ENGINE: makes an engine the one of a host, by its root or the upper layer of it.
furnish_engine() {
    local root=$1 engine=$2 program
    if is_engine_version "$engine"; then
        cp -a --remove-destination "$(engines_directory)/$engine/root/usr" "$root/"
        return
    fi
    for program in "${engine%/*}"/*; do
        [[ ! -f $program || ! -x $program ]] || link_program "$root" "${program##*/}" "$OWN_ENGINE_IN_HOST/${program##*/}"
    done
    link_program "$root" dockerd "$OWN_ENGINE_IN_HOST/${engine##*/}"
}

# The 'docker' of the lab's engine, which runs on this machine, too.
docker_cli() {
    local folder=${ENGINE%/*}
    ! is_engine_version "$ENGINE" || folder=$(engines_directory)/$ENGINE
    if [[ -x $folder/docker ]]; then printf %s "$folder/docker"; else printf %s "$(base_directory)/engine/usr/bin/docker"; fi
}
