#!/usr/bin/env bash
# Puts llama-server and PostgreSQL with pgvector, which are newer than this machine's Debian, into a folder of its own with debootstrap.
# Prints nothing when all is well; once it is there it stays.
set -euo pipefail
folder=$1
[ -f "$folder/.ready" ] && exit 0
rm -rf "$folder"
mkdir -p "$(dirname "$folder")"
# The archive may be an older snapshot than the clock says.
options=(-o Acquire::Check-Valid-Until=false -qq)
debootstrap --variant=minbase forky "$folder" http://deb.debian.org/debian /usr/share/debootstrap/scripts/sid >"$folder.log" 2>&1
chroot "$folder" apt-get "${options[@]}" update >>"$folder.log" 2>&1
# A set-up script of PostgreSQL's package wants /proc for it; what it would do there is of no use here.
chroot "$folder" dpkg-divert --quiet --local --rename --add /usr/bin/systemd-tmpfiles >>"$folder.log" 2>&1
ln -s /bin/true "$folder/usr/bin/systemd-tmpfiles"
DEBIAN_FRONTEND=noninteractive chroot "$folder" \
  apt-get "${options[@]}" install -y --no-install-recommends llama.cpp-tools postgresql-18-pgvector >>"$folder.log" 2>&1
data=/var/lib/commander-pgvector
mkdir -p "$folder$data"
chown 65534 "$folder$data"
chroot --userspec=65534:65534 "$folder" \
  /usr/lib/postgresql/18/bin/initdb -D "$data" -A trust -U commander --no-sync >>"$folder.log" 2>&1
touch "$folder/.ready"
