#!/usr/bin/env bash
# Puts Debian's llama-server, which is newer than this machine's Debian, into a folder of its own with debootstrap. Prints nothing when
# all is well; once it is there it stays.
set -euo pipefail
folder=$1
[ -f "$folder/.ready" ] && exit 0
rm -rf "$folder"
mkdir -p "$(dirname "$folder")"
# The archive may be an older snapshot than the clock says.
options=(-o Acquire::Check-Valid-Until=false -qq)
debootstrap --variant=minbase forky "$folder" http://deb.debian.org/debian /usr/share/debootstrap/scripts/sid >"$folder.log" 2>&1
chroot "$folder" apt-get "${options[@]}" update >>"$folder.log" 2>&1
DEBIAN_FRONTEND=noninteractive chroot "$folder" \
  apt-get "${options[@]}" install -y --no-install-recommends llama.cpp-tools >>"$folder.log" 2>&1
touch "$folder/.ready"
