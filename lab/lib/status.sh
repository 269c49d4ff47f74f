# shellcheck shell=bash
# What a lab looks like from outside: for people as a table, for tests as JSON (docs/lab.md describes it).

engine_version() {
    curl -s --max-time 2 --unix-socket "$RUN/hosts/$1/docker.sock" http://engine/version 2>/dev/null |
        jq -r '.Version // empty' 2>/dev/null || true
}

host_json() (
    load_host "$1"
    state=$(cat "$RUN/hosts/$1/state" 2>/dev/null || echo stopped)
    recorded_pid "hosts/$1/supervisor" >/dev/null || state=stopped
    version=''
    [[ $state != running ]] || version=$(engine_version "$1")
    jq -cn --arg name "$HOST_NAME" --arg region "$HOST_REGION" --arg public "$HOST_PUBLIC" --arg private "$HOST_PRIVATE" \
        --arg fingerprint "$HOST_FINGERPRINT" --arg disk "$DISK" --arg run "$RUN" --arg dns "$HOST_NAME.$DOMAIN" \
        --arg version "$version" --arg state "$state" --arg engine "$HOST_ENGINE" --arg cloud "$HOST_CLOUD" '{
            name: $name, region: $region, state: $state,
            publicAddress: (if $public == "" then null else $public end), privateAddress: $private, dnsName: $dns,
            instanceId: (if $cloud == "yes" then $name else null end),
            user: (if $cloud == "yes" then "ubuntu" else "root" end), sshPort: 22,
            keyFile: (if $cloud == "yes" then null else $disk + "/key" end),
            hostKeyFingerprint: $fingerprint, knownHostsFile: ($disk + "/known_hosts"),
            madeWithEngine: ($engine != "no"), engine: (if $engine == "no" then null else $engine end),
            dockerSocket: ($run + "/hosts/" + $name + "/docker.sock"),
            engineVersion: (if $version == "" then null else $version end) }'
)

status_json() {
    local host part=0 scratch
    scratch=$(mktemp -d)
    for host in $(hosts_of_lab); do
        part=$((part + 1))
        host_json "$host" >"$scratch/$(printf %04d $part)" &
    done
    wait
    { cat "$scratch"/* 2>/dev/null || true; } | jq -s --arg name "$LAB" --arg admin "$(admin_address)" --arg wan "$(wan_address)" \
        --arg network "$PREFIX.$FIRST/26" --arg disk "$DISK" --arg image "$LAB_IMAGE" \
        --arg docker "$(docker_cli)" --arg registry "registry.$DOMAIN:$REGISTRY_PORT" \
        --arg private "registry.$DOMAIN:$PRIVATE_REGISTRY_PORT" --arg user "$PRIVATE_REGISTRY_USER" \
        --argjson faults "$(fault_list | jq -R . | jq -cs .)" --argjson delays "$(delays_json)" \
        --arg ec2 "$(ec2_url)" --argjson users '["root", "admin", "debian"]' '{
            name: $name, network: $network, adminAddress: $admin, wanAddress: $wan, registry: $registry,
            privateRegistry: { address: $private, user: $user, passwordFile: ($disk + "/registry-password") },
            image: $image, keyFile: ($disk + "/key"), knownHostsFile: ($disk + "/known_hosts"),
            sshConfigFile: ($disk + "/ssh_config"), dockerCli: $docker, users: $users, delays: $delays,
            ec2EndpointUrl: (if $ec2 == "" then null else $ec2 end),
            faults: $faults, hosts: . }'
    rm -rf "$scratch"
}

delays_json() {
    local file
    for file in "$DISK"/delays/*; do
        [[ -e $file ]] && printf '%s %s\n' "$(basename "$file")" "$(<"$file")"
    done | jq -Rc 'split(" ") | { pair: .[0], roundTripMs: (.[1] | tonumber) }' | jq -cs .
}

status_command() {
    require_lab
    if [[ ${1:-} == --json ]]; then
        status_json
        return
    fi
    [[ -z ${1:-} ]] || usage_error "status: unknown option '$1'"
    printf 'lab %s, network %s, this machine is %s in it, ssh with -F %s\n' \
        "$LAB" "$PREFIX.$FIRST/26" "$(admin_address)" "$DISK/ssh_config"
    ! ec2_is_up || printf 'EC2 endpoint %s\n' "$(ec2_url)"
    status_json | jq -r '
        (["HOST", "REGION", "STATE", "PUBLIC", "PRIVATE", "ENGINE"], (.hosts[] |
            [.name, .region, .state, .publicAddress // "-", .privateAddress, .engineVersion // "-"]) | @tsv),
        (.faults[] | "fault: \(.)"), (.delays[] | "delay: \(.pair) \(.roundTripMs) ms")' | column -t -s $'\t'
}

list_command() {
    local file
    for file in "$RUN_ROOT"/*/up; do
        [[ -e $file ]] || continue
        basename "$(dirname "$file")"
    done
}
