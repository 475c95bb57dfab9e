#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what building, testing and the demo need on Debian 12 (packages.txt). As root, or through sudo.
# Does nothing, and needs no network and no rights, when all of it is there already.
#   --cluster   adds the brokers that run as a cluster (packaging/cluster/packages.txt)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

lists=("$here/packages.txt")
for argument in "$@"; do
    case "$argument" in
        --cluster) lists+=("$here/../cluster/packages.txt") ;;
        -h | --help) sed -n '3,5s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) echo "setup.sh: what is '$argument'? See --help" >&2; exit 2 ;;
    esac
done
mapfile -t wanted < <(cat "${lists[@]}" | grep -v '^#' | tr ' ' '\n' | sed '/^$/d')
missing=()
for package in "${wanted[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "setup.sh: needs root or sudo to install: ${missing[*]}" >&2; exit 1; }
    root=(sudo)
fi
echo "setup.sh: installing ${#missing[@]} packages"
apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 -qq)
"${apt[@]}" update
"${apt[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null
