#!/usr/bin/env bash
# Runs build.ps1, which holds all the build logic, in the pwsh on PATH when that is 7.4 or later, and else in the PowerShell that
# .config/dotnet-tools.json pins: the .NET SDK alone is enough. The network is needed once, until the tools are in the NuGet folder.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)

# The .NET SDK needs a home; services and containers may come without one.
if [[ -z ${HOME:-} ]]; then
    HOME=$(getent passwd "$(id -u)" | cut -d: -f6)
    export HOME
fi
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
export POWERSHELL_TELEMETRY_OPTOUT=1 POWERSHELL_UPDATECHECK=Off

is_recent() {
    local version
    version=$("$1" -NoProfile -NonInteractive -Version 2>/dev/null) || return 1
    [[ $version =~ ^PowerShell\ ([0-9]+)\.([0-9]+) ]] || return 1
    ((BASH_REMATCH[1] > 7 || (BASH_REMATCH[1] == 7 && BASH_REMATCH[2] >= 4)))
}

# A .NET tool's command starts PowerShell as a child, and signals sent to it end it alone: the program behind it is run instead.
behind_tool() {
    local library
    for library in "$(dirname -- "$1")"/.store/powershell/*/powershell/*/tools/net*/any/unix/pwsh.dll; do
        [[ ! -e $library ]] || { printf '%s' "$library" && return; }
    done
}

# The pinned PowerShell in a folder of NuGet packages; it is complete once it has its metadata, which NuGet writes last.
in_packages() {
    local library
    [[ -e $1/powershell/$version/.nupkg.metadata ]] || return 1
    for library in "$1/powershell/$version"/tools/net*/any/unix/pwsh.dll; do
        [[ ! -e $library ]] || { printf '%s' "$library" && return; }
    done
    return 1
}

# Without ICU .NET ends at once, unless it is told to do without cultures. A bare Debian has none; nothing here depends on one.
has_cultures() {
    [[ $OSTYPE != linux* || -n ${DOTNET_SYSTEM_GLOBALIZATION_INVARIANT:-} ]] && return
    [[ $(PATH=$PATH:/usr/sbin:/sbin ldconfig -p 2>/dev/null) == *libicuuc.so* ]]
}

library=''
if found=$(command -v pwsh) && is_recent "$found"; then
    library=$(behind_tool "$found")
    [[ -n $library ]] || exec "$found" -NoProfile -File "$root/build.ps1" "$@"
fi

if ! command -v dotnet >/dev/null; then
    echo "build: the .NET SDK 10 is needed: install it so that dotnet is on PATH (https://dotnet.microsoft.com/download)." >&2
    exit 1
fi
has_cultures || export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1

if [[ -z $library ]]; then
    version=$(tr -d ' \n' <"$root/.config/dotnet-tools.json" | sed -n 's/.*"powershell":{"version":"\([^"]*\)".*/\1/p')
    packages=${NUGET_PACKAGES:-$HOME/.nuget/packages}
    if ! library=$(in_packages "$packages"); then
        echo "Restoring PowerShell $version, which runs the build." >&2
        (cd -- "$root" && dotnet tool restore --verbosity quiet) >&2
        # A NuGet.config may name another folder.
        library=$(in_packages "$packages") || {
            packages=$(cd -- "$root" && dotnet nuget locals global-packages --list | sed 's/^global-packages: *//')
            library=$(in_packages "${packages%/}")
        } || {
            echo "build: PowerShell $version was restored, but is not in $packages." >&2
            exit 1
        }
    fi
fi
exec dotnet exec "$library" -NoProfile -File "$root/build.ps1" "$@"
