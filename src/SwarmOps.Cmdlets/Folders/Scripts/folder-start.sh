#!/bin/sh
# Starts Syncthing for one copy of a shared folder, as the user that owns the files. Settings and identity come from the swarm; the key of the API is made here.
set -eu
umask 077
state=/var/syncthing
fail() {
    echo "$1" >&2
    exit 1
}
command -v syncthing >/dev/null || fail 'the image lacks syncthing'
command -v curl >/dev/null || command -v wget >/dev/null || fail 'the image lacks curl or wget'
for program in awk find head od sed sha256sum tr; do
    command -v "$program" >/dev/null || fail "the image lacks $program"
done
[ -w "$state" ] || fail "the directory for Syncthing's index is not writable for the user $(id -u)"
[ -w /folder ] || fail "the folder is not writable for the user $(id -u)"

sed -n '/BEGIN.*PRIVATE KEY/,/END.*PRIVATE KEY/p' /run/secrets/identity >"$state/key.pem"
sed -n '/BEGIN CERTIFICATE/,/END CERTIFICATE/p' /run/secrets/identity >"$state/cert.pem"
key=$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')
printf %s "$key" >"$state/swarmops-api-key"
# The key is no argument of a program: those can be read by others.
awk 'NR == FNR { key = $0; next } { sub(/@API_KEY@/, key); print }' "$state/swarmops-api-key" /folder.xml >"$state/config.xml.new"
mv "$state/config.xml.new" "$state/config.xml"
# Files that Syncthing creates get the mode of the original, new directories that of the umask until then.
umask 022
exec syncthing serve --home="$state" --no-browser
