#!/usr/bin/env bash
# Runs build.ps1, which holds all the build logic, with pwsh when there is one and else with the embedded host of src/SwarmOps.Host.
# SWARMOPS_BUILD_HOST=embedded takes the embedded host in any case.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)

# The .NET SDK needs a home; services and containers may come without one.
if [[ -z ${HOME:-} ]]; then
    HOME=$(getent passwd "$(id -u)" | cut -d: -f6)
    export HOME
fi
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

if [[ ${SWARMOPS_BUILD_HOST:-} != embedded ]] && command -v pwsh >/dev/null; then
    exec pwsh -NoProfile -File "$root/build.ps1" "$@"
fi

if ! command -v dotnet >/dev/null; then
    echo "build: the .NET SDK 10 is needed: install it so that dotnet is on PATH (https://dotnet.microsoft.com/download)." >&2
    exit 1
fi

host=$root/artifacts/bin/SwarmOps.Host/release/SwarmOps.Host
sources=("$root/src/SwarmOps.Host" "$root/Directory.Build.props" "$root/Directory.Packages.props")
if [[ ! -x $host || -n $(find "${sources[@]}" -newer "$host.dll" -print -quit) ]]; then
    echo "Building the embedded PowerShell host."
    dotnet build "$root/src/SwarmOps.Host" --configuration Release --verbosity quiet -nologo -tl:off -clp:NoSummary
    touch "$host.dll"
fi

exec "$host" -NoProfile -File "$root/build.ps1" "$@"
